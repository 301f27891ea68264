import{aa as n,i as m,na as i,u as t,w as e}from"./chunk-JMGVCNAO.js";function h({webhook:o,onDelete:s,onClose:r,children:f}){let a=async()=>{await s(o)!==!1&&r()};return t`
    <${n} title=${e("webhooks.confirmDelete",{name:o.name})} action=${e("webhooks.confirmDeleteAction")} onConfirm=${a} onClose=${r}>
      <p class="anywhere">${e("webhooks.confirmDeleteText",{host:i(o.url)})}</p>
      <p>${e("webhooks.confirmDeleteNext",{days:m()?.retention_days??30})}</p>
      ${f}
      ${o.status==="active"&&t`<p class="muted">${e("webhooks.confirmDeletePause")}</p>`}
    <//>`}export{h as a};
