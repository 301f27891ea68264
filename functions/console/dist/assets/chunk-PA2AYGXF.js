import{a as T,b as x}from"./chunk-JC5M4NEM.js";import{B as e,G as c,H as r,J as h,K as a,L as v,M as k,z as t}from"./chunk-UXRR2B4M.js";import{l}from"./chunk-4U7JGEWF.js";function w(){let o=l(h),n=i=>o.filter(s=>s.kind===i).map(s=>t`<${g} key=${s.id} ...${s} />`);return t`
    <div class="toasts">
      <div class="toast-list">${n("failed")}</div>
      <div class="toast-list" role="status" aria-live="polite">${n("done")}</div>
    </div>`}function g({id:o,text:n,kind:i,again:s,undo:u}){let f=m=>()=>{a(o),m()},d=()=>v(o),p=({currentTarget:m})=>setTimeout(()=>!m.matches(":hover, :focus-within")&&k(o));return t`
    <div class=${`toast ${i}`} role=${i==="failed"?"alert":void 0} onMouseEnter=${d} onMouseLeave=${p} onFocusIn=${d} onFocusOut=${p}>
      <span class="text">${n}</span>
      ${s&&t`<${c} kind="small" onClick=${f(s)}>${e("common.retry")}<//>`}
      ${u&&t`<${c} kind="small" onClick=${f(u)}>${e("common.undo")}<//>`}
      <${r} icon="close" kind="small" label=${e("common.close")} onClick=${()=>a(o)} />
    </div>`}var $=["system","light","dark"];function j(){let o=l(T),n=$[($.indexOf(o)+1)%$.length];return t`<${r} icon=${o} label=${`${e("top.theme")}: ${e(`top.themes.${o}`)}`} onClick=${()=>x(n)} />`}export{j as a,w as b};
