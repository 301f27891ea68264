import{a as w}from"./chunk-ZRIB4DWO.js";import{N as i,O as b,da as T,ea as k,j as y,u as r,w as u,z as f}from"./chunk-JMGVCNAO.js";import{d as l,e as $,f as p}from"./chunk-CP3WDGD6.js";function D({fields:o,label:e}){let n=b(),m=o.some(({name:t})=>n[t]),c=()=>i(Object.fromEntries(o.map(({name:t})=>[t,void 0])));return r`
    <div class="filters" role="search" aria-label=${e}>
      ${o.map(t=>t.options?r`<${k} key=${t.name} label=${t.label} value=${n[t.name]??""} onValue=${s=>i({[t.name]:s})} options=${[["",u("common.all")],...t.options]} />`:r`<${q} key=${t.name} field=${t} value=${S(t,n[t.name])} />`)}
      ${m&&r`<${f} kind="quiet" onClick=${c}>${u("common.clear")}<//>`}
    </div>`}var S=({type:o},e="")=>o==="datetime-local"?w(e,y()):e;function q({field:o,value:e}){let[n,m]=l(e),c=p(e),t=n.trim(),s=()=>{c.current=t,i({[o.name]:t})};$(()=>{e!==c.current&&(c.current=e,m(e))},[e]),$(()=>{if(t===e)return;let a=setTimeout(s,400);return()=>clearTimeout(a)},[t]);let x=a=>a.key==="Enter"&&t!==e&&s(),{name:F,label:d,type:h="text",...E}=o;return r`<${T} label=${d} value=${n} onValue=${m} type=${h} onKeyDown=${x} onBlur=${()=>m(t)}
    data-filter=${F} ...${E} />`}export{D as a};
