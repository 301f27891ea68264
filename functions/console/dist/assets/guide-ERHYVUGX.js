import{B as a,G as S,I as f,L as s,M as T,Q as k,T as B,V as _,_ as A,f as y,j as h,k as p,r as u,s as O,u as t,w as r,z as x}from"./chunk-SFXGITOO.js";import{l as g,u as v}from"./chunk-CP3WDGD6.js";var w={source:"OBD",bridge:91806828e4,from:91891952e4,to:91886713e4,status:"ANSWER",duration:"16"};function D({webhookId:e,callId:i,now:n,zone:o}){return{webhook_id:e,id:i,...w,start_at:v(n-16e3,o),end_at:v(n,o)}}var E=()=>[...crypto.getRandomValues(new Uint8Array(16))].map(e=>e.toString(16).padStart(2,"0")).join("");async function I(e,{tries:i,pause:n}){for(let o=i;o>0;o-=1){if(await e().catch(()=>!1))return!0;o>1&&await n()}return!1}var C=10,H=()=>new Promise(e=>setTimeout(e,1e3));function R({webhook:e}){let{busy:i,error:n,run:o}=A();if(!p("reports:write"))return t`<${a} href=${s("/reports")}>${r("overview.guide.toReports")}<//>`;let m=()=>o(async()=>{let l=f.get().path,{id:$}=await u("handOverReports",{body:D({webhookId:e.id,callId:E(),now:Date.now(),zone:h()})});await I(async()=>(await u("searchReports",{query:{limit:10}})).data.some(P=>P.id===$),{tries:C,pause:H}),f.get().path===l&&T(`/reports/${$}`)}),d=O("handOverReports",{body:{webhook_id:e?.id??"WEBHOOK_ID",...w}});return t`
    ${e&&t`
      <div class="buttons">
        <${x} kind="primary" icon="play" busy=${i} onClick=${m}>${r("overview.guide.handOver")}<//>
        <span class="muted" role="status">${i?r("overview.guide.waiting"):""}</span>
      </div>`}
    <${_} error=${n} retry=${m} />
    <details class="with-api"><summary>${r("overview.guide.withApi")}</summary><${S} text=${d} name="curl" wrap /></details>`}function L({webhook:e,hasReports:i}){let{who:n}=g(y),o=p("webhooks:write"),m=p("reports:write"),d=$=>t`<div class="wide"><${k} title=${r("overview.guide.title")}>${$}<//></div>`;if(!o&&!(e&&m))return d(t`<${B}>${r(`overview.guide.onlyShows.${n?.kind==="console_link"?"link":"key"}`)}<//>`);let l=s(`/webhooks/${e?.id}/compose`);return d(t`
    <p class="muted">${r("overview.guide.lead")}</p>
    <ol class="guide">
      <${c} name="create" isDone=${!!e}>
        ${!e&&t`<${a} kind="primary" icon="plus" href=${s("/webhooks/new")}>${r("overview.guide.create")}<//>`}
        ${e&&t`<a class="anywhere" href=${s(`/webhooks/${e.id}`)}>${r("overview.guide.openWebhook",{name:e.name})}</a>`}
      <//>
      <${c} name="compose" isDone=${!!e}>
        ${e&&o&&t`<${a} href=${l}>${r("overview.guide.compose")}<//>`}
      <//>
      <${c} name="test" isDone=${i}>
        ${e&&o&&t`<${a} href=${s(`/webhooks/${e.id}/compose`,{show:"test"})}>${r("overview.guide.test")}<//>`}
      <//>
      <${c} name="report" isDone=${i} text=${r(m?"overview.guide.reportText":"overview.guide.reportByPlatform")}>
        <${R} webhook=${e} />
      <//>
    </ol>`)}var c=({name:e,text:i,isDone:n,children:o})=>t`
  <li class=${n?"done":""}>
    <h3>${r(`overview.guide.${e}`)}${n&&t` <span class="status delivered">${r("overview.guide.done")}</span>`}</h3>
    <p>${i??r(`overview.guide.${e}Text`)}</p>
    ${o}
  </li>`;export{L as Guide};
