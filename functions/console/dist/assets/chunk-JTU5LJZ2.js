import{a as p,b as f}from"./chunk-NWKWKTF3.js";import{A as e,F as l,G as n,t,v as m,z as a}from"./chunk-JDEVLQNA.js";import{k as s}from"./chunk-JGVKQESF.js";var B=()=>t`
  <div class="toasts" role="status" aria-live="polite">
    ${s(a).map(({id:o,text:r,kind:h,again:c,undo:$})=>t`
      <div key=${o} class=${`toast ${h}`}>
        <span class="text">${r}</span>
        ${c&&t`<${l} kind="small" onClick=${()=>{e(o),c()}}>${m("common.retry")}<//>`}
        ${$&&t`<${l} kind="small" onClick=${()=>{e(o),$()}}>${m("common.undo")}<//>`}
        <${n} icon="close" kind="small" label=${m("common.close")} onClick=${()=>e(o)} />
      </div>`)}
  </div>`;var i=["system","light","dark"];function S(){let o=s(p),r=i[(i.indexOf(o)+1)%i.length];return t`<${n} icon=${o} label=${`${m("top.theme")}: ${m(`top.themes.${o}`)}`} onClick=${()=>f(r)} />`}export{S as a,B as b};
