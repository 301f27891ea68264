import{$ as E,J as b,M as C,T as f,u as t,w as e,z as a}from"./chunk-5P7RXUIU.js";import{d,e as u,f as i}from"./chunk-CP3WDGD6.js";function P({title:O,secret:$,name:p,children:x,onClose:L}){let[m,w]=d(null),[k,v]=d(!1),y=i(null),r=i(null),g=i(!1),n=m==="done",s=()=>{g.current=!0,L(),r.current&&C(r.current.path,r.current.query)},h=()=>n||k?s():v(!0);u(()=>{if(n)return;let c=(l,W)=>g.current?!1:(r.current={path:l,query:W},v(!0),!0),o=l=>l.preventDefault(),F=b(c);return window.addEventListener("beforeunload",o),()=>{F(),window.removeEventListener("beforeunload",o)}},[n]),u(()=>{let c=o=>{o.key==="Escape"&&(o.preventDefault(),h())};return document.addEventListener("keydown",c),()=>document.removeEventListener("keydown",c)});let D=async()=>{try{await navigator.clipboard.writeText($),w("done")}catch{getSelection()?.selectAllChildren(y.current),w("failed")}},S=t`<${a} kind="primary" onClick=${s}>${e("secretOnce.stored")}<//>`;return t`
    <${E} title=${O} onClose=${h} footer=${S}>
      <p>${e("secretOnce.once")}</p>
      <div class="secret-once">
        <code ref=${y} tabindex="0" aria-label=${p}>${$}</code>
        <${a} autofocus icon=${n?"check":"copy"} aria-label=${e("common.copyWhat",{what:p})} onClick=${D}>
          ${n?e("common.copied"):e("common.copy")}
        <//>
      </div>
      ${m==="failed"&&t`<${f} kind="failed">${e("secretOnce.copyFailed")}<//>`}
      ${x}
      ${k&&t`<${f} kind="warning" action=${t`<${a} kind="small" onClick=${s}>${e("secretOnce.leave")}<//>`}>${e("secretOnce.warning")}<//>`}
    <//>`}export{P as a};
