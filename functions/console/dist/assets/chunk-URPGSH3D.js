import{$ as E,I as d,J as $,L as w,M as y,u as n,w as u,z as p}from"./chunk-5P7RXUIU.js";import{d as g,e as c,f as h,l as k}from"./chunk-CP3WDGD6.js";function S({tabs:e,label:r}){let{path:o,query:a}=k(d),l=e.some(([t])=>t===a.tab)?a.tab:e[0][0],s=h(null);return c(()=>s.current.querySelector("[aria-current]")?.scrollIntoView({block:"nearest",inline:"nearest"}),[l]),n`
    <nav class="tabs" aria-label=${r} ref=${s}>
      ${e.map(([t,i],m)=>n`
        <a href=${w(o,{tab:m?t:void 0})} aria-current=${t===l?"page":void 0}>${i}</a>`)}
    </nav>`}function P({when:e}){let[r,o]=g(null);if(c(()=>{if(!e)return;let t=(f,v)=>{let b=d.get();return f===b.path&&v.tab===b.query.tab?!1:(o({path:f,query:v}),!0)},i=f=>f.preventDefault(),m=$(t);return window.addEventListener("beforeunload",i),()=>{m(),window.removeEventListener("beforeunload",i)}},[e]),!r)return null;let a=()=>o(null),l=()=>{o(null),$(null),y(r.path,r.query)},s=n`
    <${p} autofocus onClick=${a}>${u("unsaved.stay")}<//>
    <${p} kind="danger" onClick=${l}>${u("unsaved.leave")}<//>`;return n`<${E} title=${u("unsaved.title")} onClose=${a} footer=${s}><p>${u("unsaved.text")}</p><//>`}export{P as a,S as b};
