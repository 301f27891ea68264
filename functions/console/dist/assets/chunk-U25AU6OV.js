import{w as y}from"./chunk-TMLO5BIS.js";import{F as n,I as i,t as o,v as e}from"./chunk-JDEVLQNA.js";import{d as r,e as u,f as k}from"./chunk-JGVKQESF.js";function D({title:w,secret:a,name:l,children:v,onClose:c}){let[t,d]=r(null),[s,h]=r(!1),$=k(null),m=()=>t==="done"||s?c():h(!0);u(()=>{let f=p=>{p.key==="Escape"&&(p.preventDefault(),m())};return document.addEventListener("keydown",f),()=>document.removeEventListener("keydown",f)});let O=async()=>{try{await navigator.clipboard.writeText(a),d("done")}catch{getSelection()?.selectAllChildren($.current),d("failed")}},g=o`<${n} kind="primary" onClick=${c}>${e("secretOnce.stored")}<//>`;return o`
    <${y} title=${w} onClose=${m} footer=${g}>
      <p>${e("secretOnce.once")}</p>
      <div class="secret-once">
        <code ref=${$} tabindex="0" aria-label=${l}>${a}</code>
        <${n} autofocus icon=${t==="done"?"check":"copy"} aria-label=${e("common.copyWhat",{what:l})} onClick=${O}>
          ${t==="done"?e("common.copied"):e("common.copy")}
        <//>
      </div>
      ${t==="failed"&&o`<${i} kind="failed">${e("secretOnce.copyFailed")}<//>`}
      ${v}
      ${s&&o`<${i} kind="warning" action=${o`<${n} kind="small" onClick=${c}>${e("secretOnce.leave")}<//>`}>${e("secretOnce.warning")}<//>`}
    <//>`}export{D as a};
