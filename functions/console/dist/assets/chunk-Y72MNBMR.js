import{a as p,b as f}from"./chunk-34IFLDHA.js";import{B as m,G as l,H as e,J as a,K as n,z as t}from"./chunk-3Z2XWQ2C.js";import{l as s}from"./chunk-4U7JGEWF.js";var B=()=>t`
  <div class="toasts" role="status" aria-live="polite">
    ${s(a).map(({id:o,text:r,kind:h,again:c,undo:$})=>t`
      <div key=${o} class=${`toast ${h}`}>
        <span class="text">${r}</span>
        ${c&&t`<${l} kind="small" onClick=${()=>{n(o),c()}}>${m("common.retry")}<//>`}
        ${$&&t`<${l} kind="small" onClick=${()=>{n(o),$()}}>${m("common.undo")}<//>`}
        <${e} icon="close" kind="small" label=${m("common.close")} onClick=${()=>n(o)} />
      </div>`)}
  </div>`;var i=["system","light","dark"];function S(){let o=s(p),r=i[(i.indexOf(o)+1)%i.length];return t`<${e} icon=${o} label=${`${m("top.theme")}: ${m(`top.themes.${o}`)}`} onClick=${()=>f(r)} />`}export{S as a,B as b};
