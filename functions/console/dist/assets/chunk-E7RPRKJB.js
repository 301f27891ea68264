import{e as v,t as q}from"./chunk-TMLO5BIS.js";import{F as _,K as y,t as r,v as c}from"./chunk-JDEVLQNA.js";import{d as S}from"./chunk-LRF4DBS5.js";import{d as w}from"./chunk-JGVKQESF.js";var R={delivered:"delivered",completed:"delivered",active:"delivered",closed:"delivered",retrying:"retrying ring",pending:"retrying ring",half_open:"retrying ring",counting:"retrying ring",sending:"retrying ring",erasing:"retrying ring",failed:"failed square",disabled:"failed square",open:"failed square",skipped:"ring",no_webhook:"ring",inactive:"ring",cancelled:"ring",expired:"ring"};function j({value:e,next:t}){let o=q(t?1e3:6e4),l=t&&(e==="retrying"||e==="pending"),s=l&&(new Date(t)>o?S(t,o):c("status.nextAttemptNow"));return r`<span class=${`status ${R[e]??""}`} title=${l?t:void 0}>${c(`status.${e}`)}${s&&r`<span class="more">${s}</span>`}</span>`}function G({label:e,columns:t,pages:o,keyOf:l=i=>i.id,linkOf:s,empty:$}){let[i,m]=w(null),{rows:a,error:p,loading:u,hasMore:g,more:h,reload:b}=o;if(p&&!a)return r`<div class="body"><${y} error=${p} retry=${b} /></div>`;if(a&&!a.length&&!g&&!u)return $;let f=i&&t.find(({name:n})=>n===i.name),k=f&&a?[...a].sort((n,d)=>x(f.sort(n),f.sort(d))*i.sign):a,O=n=>m(d=>d?.name!==n?{name:n,sign:1}:d.sign>0?{name:n,sign:-1}:null);return r`
    <div class="table-wrap" tabindex="0" role="region" aria-label=${e}>
      <table class="table cards" aria-busy=${u}>
        <caption class="sr">${e}</caption>
        <thead><tr>${t.map(({name:n,title:d,right:C,sort:N})=>r`
          <th key=${n} scope="col" class=${C?"right":""} aria-sort=${i?.name===n?i.sign>0?"ascending":"descending":void 0}>
            ${N?r`<button type="button" onClick=${()=>O(n)}>${d}${i?.name===n?i.sign>0?" ↑":" ↓":""}</button>`:d}
          </th>`)}</tr></thead>
        <tbody>
          ${k?k.map(n=>r`<${A} key=${l(n)} row=${n} columns=${t} link=${s?.(n)} />`):r`<${D} columns=${t} />`}
        </tbody>
      </table>
    </div>
    ${a&&r`<div class="table-foot">
      <span>${c(g?"common.shownMore":"common.shown",{count:a.length})}</span>
      ${g&&r`<${_} kind="small" busy=${u} onClick=${h}>${c("common.more")}<//>`}
      ${p&&r`<${y} error=${p} retry=${g?h:b} />`}
    </div>`}`}var x=(e,t)=>e===t?0:e==null?1:t==null||e<t?-1:1;function A({row:e,columns:t,link:o}){return r`
    <tr class=${o?"link":""} onClick=${o?s=>{!s.target.closest("a, button, input, select, label")&&!getSelection()?.toString()&&v(...B(o))}:void 0}>
      ${t.map(({name:s,title:$,right:i,cell:m})=>r`<td key=${s} data-label=${$} class=${i?"right":""}>${m(e)}</td>`)}
    </tr>`}var B=e=>{let[t,o=""]=e.slice(1).split("?",2);return[t,Object.fromEntries(new URLSearchParams(o))]},D=({columns:e})=>Array.from({length:6},(t,o)=>r`
  <tr key=${o}>${e.map(({name:l,title:s})=>r`<td key=${l} data-label=${s}><span class="skeleton" style=${{width:"70%",minWidth:"40px"}} /></td>`)}</tr>`);export{j as a,G as b};
