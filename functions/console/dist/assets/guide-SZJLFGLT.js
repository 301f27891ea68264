import{B as a,G as T,I as f,L as n,M as b,Q as k,T as B,V as O,_,f as y,j as h,k as p,r as c,s as S,u as r,w as t,z as x}from"./chunk-JMGVCNAO.js";import{l as g,u as v}from"./chunk-CP3WDGD6.js";var w={source:"OBD",bridge:91806828e4,from:91891952e4,to:91886713e4,status:"ANSWER",duration:"16"};function A({webhookId:e,callId:i,now:s,zone:o}){return{webhook_id:e,id:i,...w,start_at:v(s-16e3,o),end_at:v(s,o)}}var D=()=>[...crypto.getRandomValues(new Uint8Array(16))].map(e=>e.toString(16).padStart(2,"0")).join("");async function E(e,{tries:i,pause:s}){for(let o=i;o>0;o-=1){if(await e().catch(()=>!1))return!0;o>1&&await s()}return!1}var P=10,C=()=>new Promise(e=>setTimeout(e,1e3));function I({webhook:e}){let{busy:i,error:s,run:o}=_();if(!p("reports:write"))return r`<${a} href=${n("/reports")}>${t("overview.guide.toReports")}<//>`;let m=()=>o(async()=>{let l=f.get().path,{id:d}=await c("handOverReports",{body:A({webhookId:e.id,callId:D(),now:Date.now(),zone:h()})});await E(async()=>(await c("searchReports",{query:{limit:10}})).data.some(R=>R.id===d),{tries:P,pause:C}),f.get().path===l&&b(`/reports/${d}`)}),u=S("handOverReports",{body:{webhook_id:e?.id??"WEBHOOK_ID",...w}});return r`
    ${e&&r`
      <div class="buttons">
        <${x} kind="primary" icon="play" busy=${i} onClick=${m}>${t("overview.guide.submit")}<//>
        <span class="muted" role="status">${i?t("overview.guide.waiting"):""}</span>
      </div>`}
    <${O} error=${s} retry=${m} />
    <details class="with-api"><summary>${t("overview.guide.withApi")}</summary><${T} text=${u} name="curl" wrap /></details>`}function L({webhook:e,hasReports:i}){let{who:s}=g(y),o=p("webhooks:write"),m=p("reports:write"),u=d=>r`<div class="wide"><${k} title=${t("overview.guide.title")}>${d}<//></div>`;if(!o&&!(e&&m))return u(r`<${B}>${t(`overview.guide.onlyShows.${s?.kind==="console_link"?"link":"key"}`)}<//>`);let l=n(`/webhooks/${e?.id}/compose`);return u(r`
    <p class="muted">${t("overview.guide.lead")}</p>
    <ol class="guide">
      <${$} name="create" isDone=${!!e}>
        ${!e&&r`<${a} kind="primary" icon="plus" href=${n("/webhooks/new")}>${t("overview.guide.create")}<//>`}
        ${e&&r`<a class="anywhere" href=${n(`/webhooks/${e.id}`)}>${t("overview.guide.openWebhook",{name:e.name})}</a>`}
      <//>
      <${$} name="compose" isDone=${!!e}>
        ${e&&o&&r`<${a} href=${l}>${t("overview.guide.compose")}<//>`}
      <//>
      <${$} name="test" isDone=${i}>
        ${e&&o&&r`<${a} href=${n(`/webhooks/${e.id}/compose`,{show:"test"})}>${t("overview.guide.test")}<//>`}
      <//>
      <${$} name="report" isDone=${i} text=${t(m?"overview.guide.reportText":"overview.guide.reportByPlatform")}>
        <${I} webhook=${e} />
      <//>
    </ol>`)}var $=({name:e,text:i,isDone:s,children:o})=>r`
  <li class=${s?"done":""}>
    <h3>${t(`overview.guide.${e}`)}${s&&r` <span class="status delivered">${t("overview.guide.done")}</span>`}</h3>
    <p>${i??t(`overview.guide.${e}Text`)}</p>
    ${o}
  </li>`;export{L as Guide};
