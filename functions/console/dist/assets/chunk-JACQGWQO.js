import{a as y}from"./chunk-WEM2L7BB.js";import{$ as k,I as f,J as b,L as g,M as h,u as t,w as l,z as m}from"./chunk-JMGVCNAO.js";import{d as p,e as $,f as d,l as v}from"./chunk-CP3WDGD6.js";function S({tabs:r,label:n}){let{path:o,query:a}=v(f),u=r.some(([e])=>e===a.tab)?a.tab:r[0][0],s=d(null);return $(()=>s.current.querySelector("[aria-current]")?.scrollIntoView({block:"nearest",inline:"nearest"}),[u]),t`
    <nav class="tabs" aria-label=${n} ref=${s}>
      ${r.map(([e,i],c)=>t`
        <a href=${g(o,{tab:c?e:void 0})} aria-current=${e===u?"page":void 0}>${i}</a>`)}
    </nav>`}function P({when:r}){let[n,o]=p(null);if(y(r,(e,i)=>{let c=f.get();return e===c.path&&i.tab===c.query.tab?!1:(o({path:e,query:i}),!0)}),!n)return null;let a=()=>o(null),u=()=>{o(null),b(null),h(n.path,n.query)},s=t`
    <${m} autofocus onClick=${a}>${l("unsaved.stay")}<//>
    <${m} kind="danger" onClick=${u}>${l("unsaved.leave")}<//>`;return t`<${k} title=${l("unsaved.title")} onClose=${a} footer=${s}><p>${l("unsaved.text")}</p><//>`}export{P as a,S as b};
