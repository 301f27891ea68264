import{$ as x,J as C,M as O,T as w,u as t,w as e,z as d}from"./chunk-JMGVCNAO.js";import{d as $,e as l,f as u}from"./chunk-CP3WDGD6.js";function L(r,n){l(()=>{if(!r)return;let o=m=>m.preventDefault(),f=C(n);return window.addEventListener("beforeunload",o),()=>{f(),window.removeEventListener("beforeunload",o)}},[r])}function T({title:r,secret:n,name:o,children:f,onClose:m}){let[v,y]=$(null),[k,g]=$(!1),h=u(null),c=u(null),E=u(!1),i=v==="done",p=()=>{E.current=!0,m(),c.current&&O(c.current.path,c.current.query)},b=()=>i||k?p():g(!0);L(!i,(a,s)=>E.current?!1:(c.current={path:a,query:s},g(!0),!0)),l(()=>{let a=s=>{s.key==="Escape"&&(s.preventDefault(),b())};return document.addEventListener("keydown",a),()=>document.removeEventListener("keydown",a)});let D=async()=>{try{await navigator.clipboard.writeText(n),y("done")}catch{getSelection()?.selectAllChildren(h.current),y("failed")}},S=t`<${d} kind="primary" onClick=${p}>${e("secretOnce.stored")}<//>`;return t`
    <${x} title=${r} onClose=${b} footer=${S}>
      <p>${e("secretOnce.once")}</p>
      <div class="secret-once">
        <code ref=${h} tabindex="0" aria-label=${o}>${n}</code>
        <${d} autofocus icon=${i?"check":"copy"} aria-label=${e("common.copyWhat",{what:o})} onClick=${D}>
          ${i?e("common.copied"):e("common.copy")}
        <//>
      </div>
      ${v==="failed"&&t`<${w} kind="failed">${e("secretOnce.copyFailed")}<//>`}
      ${f}
      ${k&&t`<${w} kind="warning" action=${t`<${d} kind="small" onClick=${p}>${e("secretOnce.leave")}<//>`}>${e("secretOnce.warning")}<//>`}
    <//>`}export{L as a,T as b};
