import{t as r,u as i,w as $,z as c}from"./chunk-JMGVCNAO.js";var l=({isShown:o,onChange:e,kind:t=""})=>i`
  <${c} kind=${t} icon="eye" aria-pressed=${o} onClick=${()=>e(!o)}>
    ${$(o?"common.hideNumbers":"common.showNumbers")}
  <//>`;function b({method:o,url:e,headers:t={},body:n}){let m=[`curl -sS -X ${o} ${r(e)}`];for(let[s,u]of Object.entries(t))m.push(`-H ${r(u===""?`${s};`:`${s}: ${u}`)}`);return n&&m.push(`--data-raw ${r(n)}`),m.join(` \\
  `)}export{l as a,b};
