import{a as Je,b as $e}from"./chunk-PA2AYGXF.js";import{a as Ve,d as Ye}from"./chunk-TTUFBZ2M.js";import{a as ut}from"./chunk-CGPJJSJZ.js";import{a as tt,b as J,c as rt,d as st,f as fe,g as nt,h as de,i as it,j as O,k as X,l as at,m as he,n as lt,o as ct,p as mt,q as pt,r as ft}from"./chunk-JESXYB5M.js";import{c as Ze}from"./chunk-JC5M4NEM.js";import"./chunk-PMQAM3VB.js";import{c as z,d as ee}from"./chunk-XOIFGYRC.js";import{c as ve}from"./chunk-QQ7GDRT7.js";import{A as M,C as $t,F as dt,a as b,b as H,d as ze,e as Ke,f as m,g as V,h as k,j as Q,k as Ge,l as qe,m as x,n as P,p as Y,q as Xe,r as Z,s as et,v as ot}from"./chunk-CPU4ENLW.js";import{B as t,D as _e,E as Fe,F as me,G as v,H as G,I as g,N as pe,P as Ne,R as He,S as W,T as Qe,U as D,V as _,g as S,j as ae,k as N,l as u,m as E,n as L,o as le,p as Le,q as Pe,r as Me,s as C,t as We,w as h,x as j,z as r}from"./chunk-UXRR2B4M.js";import{b as ue,d as je,e as Ue}from"./chunk-IAZFZYAW.js";import{b as Ae,c as Be,d as f,e as R,f as Re,g as q,i as De,k as Ee,l as y,o as ce,p as U}from"./chunk-4U7JGEWF.js";var ge=({kind:e})=>r`<${v} kind=${e} icon="refresh" onClick=${()=>location.reload()}>${t("errors.reload")}<//>`;function ke({children:e}){let[o]=De(i=>console.error(i));if(!o)return e;let s=r`
    <div class="buttons">
      <${ge} kind="primary" />
      <${v} icon="signOut" onClick=${()=>C()}>${t("top.signOut")}<//>
    </div>`;return r`<${x} title=${t("errors.crashed")}><div class="panel"><${b} text=${t("errors.crashedText")} action=${s} /></div><//>`}var ht=/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,ro=/^[\d\s+\-.()/]+$/;function vt(e){let o=e.trim();if(!o)return null;if(ht.test(o))return{kind:"uuid",text:o.toLowerCase()};let s=o.split(".");return s.length===2&&s.every(n=>ht.test(n))?{kind:"delivery",text:o.toLowerCase()}:{kind:ro.test(o)&&o.replace(/\D/g,"").replace(/^0+/,"").length<=20?"number":"call",text:o}}var we=Object.keys(ce);function te(){let e=y(U),o=we[(we.indexOf(e)+1)%we.length];return r`<button type="button" class="button small quiet" lang=${o} onClick=${()=>_e(o)}>${ce[o]}</button>`}var so=()=>{let e=!!S.get().who.account;return[["overview","/",e&&u("deliveries:read")&&!L()],["webhooks","/webhooks",e&&u("webhooks:read")],["reports","/reports",e&&u("deliveries:read")],["deliveries","/deliveries",e&&u("deliveries:read")],["keys","/keys",!0],["account","/account",e],["accounts","/accounts",E()]].filter(([,,o])=>o)},gt=({current:e,children:o})=>r`
  <div class="frame">
    <a class="skip button" href="#content" onClick=${no}>${t("nav.skip")}</a>
    <nav class="rail" aria-label=${t("nav.label")}>
      <a class="brand" href=${m("/")} aria-label=${t("name")}><${io} /><span class="word">${t("name")}</span></a>
      ${so().map(([s,i])=>r`
        <a key=${s} class="item" href=${m(i)} aria-current=${s===e?"page":void 0} title=${t(`nav.${s}`)}>
          <${me} name=${s} /><span class="word">${t(`nav.${s}`)}</span>
        </a>`)}
      <span class="gap" />
      <a class="item" href="../docs" target="_blank" rel="noreferrer" title=${t("nav.docs")}><${me} name="docs" /><span class="word">${t("nav.docs")}</span></a>
    </nav>
    <${ao} />
    ${o}
  </div>`;function no(e){e.preventDefault(),document.getElementById("content")?.focus()}var io=()=>r`
  <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#2457d6" />
    <path d="M10 8v9a6 6 0 0 0 12 0v-2" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
    <path d="m18 18 4-4 4 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" /></svg>`;function ao(){let{who:e}=y(S),o=u("webhooks:write")||u("deliveries:write");return r`
    <header class="top">
      ${E()||!e.account?r`<${lo} account=${e.account} />`:r`<span class="account" title=${e.account.name}>${e.account.name}</span>`}
      ${e.account&&r`<span class="zone">${t("top.zone",{zone:N()})}</span>`}
      ${!o&&!E()&&e.account&&r`<span class="chip">${t("top.readOnly")}</span>`}
      ${L()&&r`<span class="chip">${t("top.oneWebhook")}</span>`}
      ${e.kind==="console_link"&&e.expires_at&&r`<span class="zone" title=${e.expires_at}>${t("top.expires",{when:je(e.expires_at)})}</span>`}
      ${e.account&&u("deliveries:read")?r`<${co} />`:r`<form />`}
      <${te} />
      <${Je} />
      <${G} icon="signOut" label=${t("top.signOut")} onClick=${()=>ze(()=>C())} />
    </header>`}var lo=({account:e})=>r`
  ${E()?r`<a class="account" href=${m("/accounts")} title=${e?t("top.switchAccount",{name:e.name}):void 0}>${e?.name??t("top.noAccount")}</a>`:r`<span class="account">${t("top.noAccount")}</span>`}
  ${e&&r`<span class="acting"><${G} icon="close" kind="small" label=${t("top.stopActing",{name:e.name})} onClick=${Ye} /></span>`}`;function co(){let[e,o]=f("");return r`
    <form role="search" onSubmit=${async i=>{i.preventDefault();let n=vt(e);o(""),n&&(n.kind==="number"?k("/reports",{number:n.text}):n.kind==="call"?k("/reports",{call_id:n.text}):n.kind==="delivery"?k(`/deliveries/${n.text}`):await mo(n.text)?k(`/reports/${n.text}`):k("/reports",{call_id:n.text}))}}>
      <input class="input" type="search" data-shortcut="/" aria-label=${t("top.search")} title=${t("top.searchHint")} placeholder=${t("top.searchPlaceholder")} value=${e}
        onInput=${i=>o(i.currentTarget.value)} />
    </form>`}async function mo(e){try{return await h("readReport",{params:{id:e}}),!0}catch(o){return o.kind!=="not-found"||/\berased\b/.test(o.problem?.detail??"")}}function kt(){return R(()=>{H.get().path==="/"&&k("/accounts",{},{replace:!0})},[]),r`
    <${x} title=${t("top.choose")}>
      <${b} title="" text=${t("top.chooseText")} action=${r`<${g} kind="primary" href=${m("/accounts")}>${t("top.toAccounts")}<//>`} />
    <//>`}var wt=()=>r`
  <${x} title=${t("errors.pageUnknown")}>
    <${b} title="" action=${r`<${g} href=${m("/")}>${t("errors.toOverview")}<//>`} />
  <//>`;var yt=()=>r`
  <${x} title=${t("top.keyLacks")}>
    <div class="panel"><${b} text=${t("top.keyLacksText")} action=${r`
      <div class="buttons">
        <${v} kind="primary" icon="signOut" onClick=${()=>C()}>${t("top.signOut")}<//>
        <${g} href=${m("/keys")}>${t("nav.keys")}<//>
      </div>`} /></div>
  <//>`;function oe({title:e,actions:o}){let{ended:s}=y(S),[i,n]=f(""),[a,l]=f(()=>S.get().ended==="malformed"?t("signIn.malformed"):null),{busy:c,error:p,run:d}=Z(),T=tt(),A=$=>{$.preventDefault();let w=i.trim(),B=/^chk_[\w-]+$/.test(w);l(B?null:t("signIn.malformed")),B&&d(()=>Ve(w))},F=p?.kind==="key"?t("signIn.wrong"):null;return r`
    <form class="stack" ref=${T} onSubmit=${A}>
      ${e&&r`<h1>${e}</h1>`}
      ${s==="key"&&!p&&r`<${W} kind="warning">${t("signIn.ended")}<//>`}
      <p class="muted">${t("signIn.lead")}</p>
      <${ot} label=${t("signIn.key")} value=${i} onValue=${n} error=${a??F} type="password" mono autofocus
        placeholder=${t("signIn.placeholder")} autocomplete="off" spellcheck=${!1} name="key" hint=${t("signIn.kept")} />
      ${p&&!F&&r`<${D} error=${p} />`}
      <${v} kind="primary" type="submit" busy=${c}>${t("signIn.action")}<//>
      ${o}
    </form>`}var bt=()=>r`
  <${et} title=${t("signIn.title")}>
    <${oe} actions=${r`<${v} icon="signOut" onClick=${()=>C()}>${t("top.signOut")}<//>`} />
  <//>`;function xt(){return R(()=>{document.title=`${t("signIn.title")} · ${t("name")}`},[]),r`
    <main class="sign-in">
      <div class="panel"><div class="body"><${oe} title=${t("signIn.title")} actions=${r`<${te} />`} /></div></div>
    </main>`}function I(e){let o=null;return function(i){let[n,a]=f(()=>o),[l,c]=f(!1);return R(()=>{o||e().then(p=>{o=p,a(()=>p)},()=>c(!0))},[]),n?r`<${n} ...${i} />`:r`<div class="page">${l?r`<${W} kind="failed" action=${r`<${ge} kind="small" />`}>${t("errors.page")}<//>`:r`<${_} lines=${6} />`}</div>`}}var ye=5;function Ot({reading:e}){let{data:o,error:s,reload:i}=e,n=o&&lt(o.rows);return r`
    <div class="failing">
      <${P} title=${t("overview.failing")} flush>
        ${s&&r`<div class="body"><${D} error=${s} retry=${i} /></div>`}
        ${!o&&!s&&r`<div class="body"><${_} lines=${4} /></div>`}
        ${n?.length===0&&r`<div class="body muted">${po(o)}</div>`}
        ${n?.length>0&&r`<ul>${n.slice(0,ye).map(([a,l])=>r`<${$o} key=${a.id} webhook=${a} trouble=${l} />`)}</ul>`}
        ${n?.length>ye&&r`<div class="more"><a href=${m("/webhooks",{status:"failing"})}>${t("overview.moreFailing",{count:n.length-ye})}</a></div>`}
        ${n?.length>0&&!o.isAll&&r`<div class="more muted"><small>${t("overview.lookedAt",{count:O(o.rows.length)})}</small></div>`}
      <//>
    </div>`}var po=({rows:e,isAll:o})=>o?t("overview.allWell",{count:e.length}):t("overview.allWellOfMany",{count:O(e.length)}),uo={gone:"disabled",failing:"disabled",open:"open",half_open:"half_open",counting:"retrying"},$o=({webhook:{id:e,name:o,summary:s},trouble:{kind:i,since:n,meaning:a,nextAt:l,failures:c}})=>r`
  <li>
    <div class="line"><a class="ellipsis" href=${m(`/webhooks/${e}`)} title=${o}>${o}</a><${z} value=${uo[i]} /></div>
    <p>${t(`overview.why.${i}`,{count:c})}</p>
    ${a&&r`<p class="muted meaning" title=${a}>${a}</p>`}
    <p class="muted facts-line">
      ${n&&r`<span>${t("overview.since")} <${M} at=${n} /></span>`}
      ${l&&r`<span>${t("overview.nextTry")} <${M} at=${l} relative /></span>`}
      ${s?.failed>0&&r`<a href=${m("/deliveries",{status:"failed",webhook_id:e})}>${t("overview.failedDeliveries",{count:s.failed})}</a>`}
    </p>
  </li>`;var be=e=>e===null?"–":Ue(e);function Tt({range:e,reading:{data:o,error:s}}){let i=N(),n=q(()=>o&&de(o.hours,e,i),[o,i]),a=!!(s&&!o);return r`
    <section class="panel totals" aria-label=${t("overview.figures")} aria-busy=${n||s?void 0:"true"}>
      <${K} isMissing=${a} name="delivered" value=${n&&O(n.delivered)} />
      <${K} isMissing=${a} name="failed" tone=${n?.failed?"failed":""} value=${n&&O(n.failed)} />
      <${K} isMissing=${a} name="skipped" value=${n&&O(n.skipped)} />
      <${K} isMissing=${a} name="successRate" hint=${t("overview.rateHint")} value=${n&&X(n.successRate)} />
      <${K} isMissing=${a} name="attempts" value=${n&&O(n.attempts)} more=${n&&t("overview.failedAttempts",{attempts:O(n.failedAttempts)})} />
      <${K} isMissing=${a} name="p50" hint=${t("overview.estimate")} value=${n&&be(n.p50)} />
      <${K} isMissing=${a} name="p95" hint=${t("overview.estimateTail")} value=${n&&be(n.p95)} />
    </section>`}function Ct({range:e,reading:{data:o,error:s}}){let[{step:i},n]=[J[e],N()],a=q(()=>o&&de(o.hours,e,n),[o,n]),l=q(()=>o&&nt(o.hours,e,n),[o,n]),c=it(n);return s&&!o?null:r`
    <${P} title=${t(i==="hour"?"overview.perHour":"overview.perDay")}>
      ${l?r`<${pt} buckets=${l} step=${i} total=${a} sync="overview" />`:r`<${St} />`}
    <//>
    <${P} title=${t(i==="hour"?"overview.latencyPerHour":"overview.latencyPerDay")}>
      ${l?r`<${fo} buckets=${l} step=${i} total=${a} />`:r`<${St} />`}
      ${c>0&&r`<p class="muted"><small>${t("overview.halfHours",{zone:n,minutes:c})}</small></p>`}
    <//>`}var St=()=>r`<div class="chart-skeleton"><${_} lines=${4} /></div>`,K=({name:e,value:o,more:s,hint:i,isMissing:n,tone:a=""})=>r`
  <div class="figure" title=${i}>
    <span class="label">${t(`overview.${e}`)}${s&&r` · ${s}`}</span>
    <span class=${`value ${a}`}>${o??(n?"–":r`<span class="skeleton" />`)}</span>
  </div>`;function fo({buckets:e,step:o,total:s}){let[i,n]=q(()=>[e.map(({at:a})=>a),["p50","p95"].map(a=>({name:a,title:a,dash:a==="p95",values:e.map(l=>l[a]),total:s[a]}))],[e]);return r`<${mt} label=${t(o==="hour"?"overview.latencyPerHour":"overview.latencyPerDay")} kind="lines" step=${o} times=${i} series=${n}
    format=${be} empty=${t("overview.noAttempts")} sync="overview" />`}var xe={source:"OBD",bridge:91806828e4,from:91891952e4,to:91886713e4,status:"ANSWER",duration:"16"};function It({webhookId:e,callId:o,now:s,zone:i}){return{webhook_id:e,id:o,...xe,start_at:ue(s-16e3,i),end_at:ue(s,i)}}var At=()=>[...crypto.getRandomValues(new Uint8Array(16))].map(e=>e.toString(16).padStart(2,"0")).join("");async function Bt(e,{tries:o,pause:s}){for(let i=o;i>0;i-=1){if(await e().catch(()=>!1))return!0;i>1&&await s()}return!1}var ho=10,vo=()=>new Promise(e=>setTimeout(e,1e3));function Rt({webhook:e}){let{busy:o,error:s,run:i}=Z();if(!u("reports:write"))return r`<${g} href=${m("/reports")}>${t("overview.guide.toReports")}<//>`;let n=()=>i(async()=>{let l=H.get().path,{id:c}=await h("handOverReports",{body:It({webhookId:e.id,callId:At(),now:Date.now(),zone:N()})});await Bt(async()=>(await h("searchReports",{query:{limit:10}})).data.some(d=>d.id===c),{tries:ho,pause:vo}),H.get().path===l&&k(`/reports/${c}`)}),a=j("handOverReports",{body:{webhook_id:e?.id??"WEBHOOK_ID",...xe}});return r`
    ${e&&r`
      <div class="buttons">
        <${v} kind="primary" icon="play" busy=${o} onClick=${n}>${t("overview.guide.handOver")}<//>
        <span class="muted" role="status">${o?t("overview.guide.waiting"):""}</span>
      </div>`}
    <${D} error=${s} retry=${n} />
    <details class="with-api"><summary>${t("overview.guide.withApi")}</summary><${He} text=${a} name="curl" wrap /></details>`}function Dt({webhook:e,hasReports:o}){let{who:s}=y(S),i=u("webhooks:write"),n=u("reports:write"),a=c=>r`<div class="wide"><${P} title=${t("overview.guide.title")}>${c}<//></div>`;if(!i&&!(e&&n))return a(r`<${W}>${t(`overview.guide.onlyShows.${s?.kind==="console_link"?"link":"key"}`)}<//>`);let l=m(`/webhooks/${e?.id}/compose`);return a(r`
    <p class="muted">${t("overview.guide.lead")}</p>
    <ol class="guide">
      <${re} name="create" isDone=${!!e}>
        ${!e&&r`<${g} kind="primary" icon="plus" href=${m("/webhooks/new")}>${t("overview.guide.create")}<//>`}
        ${e&&r`<a class="anywhere" href=${m(`/webhooks/${e.id}`)}>${t("overview.guide.openWebhook",{name:e.name})}</a>`}
      <//>
      <${re} name="compose" isDone=${!!e}>
        ${e&&i&&r`<${g} href=${l}>${t("overview.guide.compose")}<//>`}
      <//>
      <${re} name="test" isDone=${o}>
        ${e&&i&&r`<${g} href=${m(`/webhooks/${e.id}/compose`,{show:"test"})}>${t("overview.guide.test")}<//>`}
      <//>
      <${re} name="report" isDone=${o} text=${t(n?"overview.guide.reportText":"overview.guide.reportByPlatform")}>
        <${Rt} webhook=${e} />
      <//>
    </ol>`)}var re=({name:e,text:o,isDone:s,children:i})=>r`
  <li class=${s?"done":""}>
    <h3>${t(`overview.guide.${e}`)}${s&&r` <span class="status delivered">${t("overview.guide.done")}</span>`}</h3>
    <p>${o??t(`overview.guide.${e}Text`)}</p>
    ${i}
  </li>`;function Et({reading:e}){let{data:o,error:s,loading:i,reload:n}=e,a={rows:o?.data,error:s,loading:i&&!o,hasMore:!1,reload:n};return r`
    <${P} title=${t("overview.lastReports")} actions=${r`<a href=${m("/reports")}>${t("overview.allReports")}</a>`} flush>
      <${ee} label=${t("overview.lastReports")} columns=${go()} pages=${a} linkOf=${Lt} empty=${r`<${b} title=${t("overview.noReports")} />`} />
    <//>`}var Lt=({id:e})=>m(`/reports/${e}`),go=()=>[{name:"received",title:t("overview.received"),cell:e=>r`<a href=${Lt(e)}><${M} at=${e.received_at} /></a>`},{name:"from",title:t("overview.from"),cell:({from:e})=>r`<${ve} value=${e} />`},{name:"to",title:t("overview.to"),cell:({to:e})=>r`<${ve} value=${e} />`},{name:"call",title:t("overview.call"),cell:({source:e,call_status:o})=>[e,o].filter(Boolean).join(" · ")||"–"},{name:"status",title:t("overview.status"),cell:({status:e,reason:o})=>r`<${z} value=${o??e} />`},{name:"deliveries",title:t("overview.deliveries"),right:!0,cell:({deliveries:e})=>e.length}];var Pt=({range:e,asOf:o})=>r`
  ${o&&r`<span class="as-of">${t("overview.asOf",{time:""})}<${M} at=${new Date(o).toISOString()} /></span>`}
  <nav class="segments" aria-label=${t("overview.range")}>
    ${Object.keys(J).map((s,i)=>r`
      <a key=${s} href=${m("/",{range:i?s:void 0})} aria-current=${s===e?"true":void 0}>${t(`overview.ranges.${s}`)}</a>`)}
  </nav>`;var Oe=3e4,ko=100,wo=10,Mt=(e,o)=>Y(async s=>{let{data:i}=await h("readAccountFigures",{query:{from:st(e)},signal:s});return o(Date.now()),{range:e,hours:i}},[e],{every:Oe}),Wt=()=>Y(e=>h("searchReports",{query:{limit:10},signal:e}),[],{every:Oe});function _t(){let[e,o]=f(1);return Y(async s=>{if(!u("webhooks:read"))return{rows:[],isAll:!0};let i=[],n,a=0;do{let l=await h("listWebhooks",{query:{include:"summary",limit:ko,cursor:n},signal:s});i.push(...l.data),n=l.next_cursor,a+=1}while(n&&a<wo);return o(a),{rows:i,isAll:!n}},[],{every:Oe*e})}function yo(){return ae()?L()?`/webhooks/${L()}`:u("webhooks:read")?"/webhooks":"/account":E()?"/accounts":"/keys"}function Ft(){let e=!!ae()&&u("deliveries:read")&&!L();return R(()=>{e||k(yo(),{},{replace:!0})},[]),e?r`<${bo} />`:r`<${x} title=${t("overview.title")} />`}function bo(){let e=rt(Q().range),[o,s]=f(null),i=Mt(e,s),n=i.data?.range===e?i:{...i,data:void 0},a=_t(),l=Wt(),c=l.data?.data.length===0&&(!u("webhooks:read")||a.data!==void 0),p=a.data?.rows.length===0,d=u("webhooks:read")&&!p;return r`
    <${x} title=${t("overview.title")} actions=${!c&&r`<${Pt} range=${e} asOf=${o} />`}>
      <div class="overview">
        ${(c||p)&&r`<${Dt} webhook=${a.data?.rows.find(({unreadable:T})=>!T)}
          hasReports=${l.data?.data.length>0||n.data?.hours.some(({attempts:T,skipped:A})=>T+A>0)} />`}
        ${n.error&&r`<div class="wide"><${D} error=${n.error} retry=${n.reload} /></div>`}
        ${!c&&r`
          <${Tt} range=${e} reading=${n} />
          ${d&&r`<${Ot} reading=${a} />`}
          <div class=${d?"main":"main wide"}><${Ct} range=${e} reading=${n} /><${Et} reading=${l} /></div>`}
      </div>
    <//>`}var[Nt,Ht,Se]=[4,3,20];function zt({delivered:e,failed:o,label:s}){let i=Math.max(...e.map((c,p)=>c+o[p]),1),n=c=>c?Math.max(c/i*(Se-3),2):0,a=e.map((c,p)=>({x:p*Nt,below:n(c),above:n(o[p])})),l=(c,p)=>a.filter(d=>p(d)).map(d=>`M${d.x} ${Se-c(d)}h${Ht}v${-p(d)}h${-Ht}z`).join("");return r`
    <svg class="spark" viewBox=${`0 0 ${e.length*Nt} ${Se}`} preserveAspectRatio="none" role="img" aria-label=${s}><title>${s}</title>
      <path class="base" d=${l(()=>0,()=>1)} />
      <path class="delivered" d=${l(()=>0,({below:c})=>c)} />
      <path class="failed" d=${l(({below:c})=>c,({above:c})=>c)} />
    </svg>`}var se=()=>r`<span class="muted">–</span>`;function Gt(e){let o=u("deliveries:read");return[{name:"name",title:t("webhooks.name"),sort:({name:s})=>s?.toLowerCase(),cell:s=>r`<${Oo} row=${s} />`},{name:"status",title:t("webhooks.status"),sort:xo,cell:s=>r`<${So} row=${s} />`},o&&{name:"rate",title:t("webhooks.rate"),sort:({summary:s})=>s&&fe(s),cell:({summary:s})=>r`<${To} of=${s} />`},o&&{name:"deliveries",title:t("webhooks.deliveries"),right:!0,sort:Kt,cell:s=>s.summary?O(Kt(s)):se()},{name:"failure",title:t("webhooks.lastFailure"),sort:({health:s})=>s?.last_failure?.at,cell:({health:s})=>r`<${Co} of=${s?.last_failure} />`},{name:"id",title:t("webhooks.id"),cell:({id:s,name:i})=>r`<${$t} value=${s} what=${t("webhooks.copyId",{name:i??s})} />`},u("webhooks:write")&&{name:"actions",title:t("webhooks.actions"),right:!0,cell:s=>r`<${Io} row=${s} ...${e} />`}].filter(Boolean)}var Kt=({summary:e})=>e&&e.delivered+e.failed,xo=e=>he(e)?.rank??(e.status==="active"?4:5),Oo=({row:{id:e,name:o,url:s,unreadable:i}})=>i?r`<span class="name unreadable">${t("webhooks.unreadable")}</span>`:r`<span class="name"><a class="ellipsis" href=${m(`/webhooks/${e}`)} title=${o}>${o}</a><span class="ellipsis host" title=${s}>${at(s)}</span></span>`;function So({row:e}){if(e.unreadable)return se();let o=he(e),s=e.status==="active"&&e.health?.circuit!=="closed"&&e.health?.circuit;return r`
    <span class="state">
      <${z} value=${e.status} />
      ${s&&r`<${z} value=${s} />`}
      ${o?.kind==="counting"&&r`<span class="host">${t("webhooks.failuresInRow",{count:o.failures})}</span>`}
    </span>`}var To=({of:e})=>e?r`<span class="rate"><span class="share">${X(fe(e))}</span>
      <${zt} delivered=${e.hourly.delivered} failed=${e.hourly.failed}
        label=${t("webhooks.spark",{delivered:O(e.delivered),failed:O(e.failed)})} /></span>`:se(),Co=({of:e})=>e?r`<span class="failure" title=${e.meaning}><span class="ellipsis">${e.meaning}</span><span class="host"><${M} at=${e.at} /></span></span>`:se();function Io({row:e,onToggle:o,onDelete:s,busy:i}){if(e.unreadable)return null;let{name:n,status:a}=e,l=a==="active";return r`
    <span class="row-actions">
      <${G} icon=${l?"pause":"play"} kind="small" busy=${i===e.id} label=${t(l?"webhooks.pauseOf":"webhooks.activateOf",{name:n})} onClick=${()=>o(e)} />
      <${G} icon="trash" kind="small" busy=${i===e.id} label=${t("webhooks.deleteOf",{name:n})} onClick=${()=>s(e)} />
    </span>`}function qt({of:{action:e,before:o,now:s},onRepeat:i,onClose:n}){let{name:a}=o,l=s&&(e==="remove"||s.status===o.status),c=e==="remove"?"delete":o.status==="active"?"pause":"activate",p=r`
    <span class="buttons">
      ${l&&r`<${v} kind="small" onClick=${()=>i(e,s)}>${c==="delete"?t("webhooks.deleteOf",{name:a}):t(`webhooks.${c}`)}<//>`}
      <${v} kind="small" onClick=${n}>${t("common.close")}<//>
    </span>`;return r`<${W} kind="warning" action=${p}><span role="alert">${s?Ao(o,s):t("webhooks.gone",{name:a})}</span><//>`}var Ao=(e,o)=>t("webhooks.changed",{name:e.name,before:e.version,statusBefore:t(`status.${e.status}`),now:o.version,statusNow:t(`status.${o.status}`)});function jt(e,o){return e?.filter(({id:s})=>o[s]!==null).map(s=>{let i=o[s.id];return!i||s.unreadable||i.version<=s.version?s:{...i,summary:s.summary}})}var Bo=3e4;function Ut(e){let[o,s]=f({}),[i,n]=f(null),[a,l]=f(null),c=u("deliveries:read")?"summary":void 0,p=Xe(($,w)=>h("listWebhooks",{query:{include:c,name:e,cursor:$},signal:w}),[e],{every:Bo}),d=($,w)=>{s(B=>({...B,[$]:w})),dt()};async function T($,w,B){n(null);try{await B()}catch(ie){if(ie.kind!=="precondition"&&ie.kind!=="not-found")throw ie;let Ie=await Ro(w.id);d(w.id,Ie),n({action:$,before:w,now:Ie})}}async function A($){let w=$.status==="active";l($.id);try{await T("toggle",$,async()=>{let B=await h("changeWebhook",{params:{id:$.id},body:{status:w?"inactive":"active"},version:$.version});d($.id,B),pe(t(w?"webhooks.paused":"webhooks.activated",{name:$.name}))})}catch(B){Ne(`${t("webhooks.failed",{name:$.name})} ${Qe(B)}`,()=>A($))}finally{l(null)}}let F=$=>T("remove",$,async()=>{await h("deleteWebhook",{params:{id:$.id},version:$.version}),d($.id,null),pe(t("webhooks.deleted",{name:$.name}))});return{pages:{...p,rows:jt(p.rows,o)},conflict:i,busy:a,toggle:A,remove:F,closeConflict:()=>n(null)}}async function Ro(e){try{return await h("readWebhook",{params:{id:e}})}catch(o){if(o.kind==="not-found")return null;throw o}}function Vt(){let{name:e,status:o}=Q(),s=Ut(e),[i,n]=f(null),{pages:a,conflict:l}=s,c=a.rows?.filter(A=>ct(A,o)),p=u("webhooks:write")&&!L(),d=(A,F)=>{s.closeConflict(),A==="remove"?n(F):s.toggle(F)},T=p&&r`<${g} kind="primary" icon="plus" href=${m("/webhooks/new")}>${t("webhooks.create")}<//>`;return r`
    <${x} title=${t("webhooks.title")} actions=${T}>
      ${l&&r`<${qt} of=${l} onRepeat=${d} onClose=${s.closeConflict} />`}
      <${ut} label=${t("webhooks.filters")} fields=${Eo()} />
      ${o&&a.rows&&r`<p class="list-hint muted">${t("webhooks.statusHint",{count:a.rows.length})}
        ${a.hasMore&&r` <${v} kind="small" busy=${a.loading} onClick=${a.more}>${t("webhooks.statusHintMore")}<//>`}</p>`}
      <div class="panel webhooks">
        <${ee} label=${t("webhooks.title")} columns=${Gt({onToggle:s.toggle,onDelete:n,busy:s.busy})}
          pages=${{...a,rows:c}} linkOf=${Do} empty=${r`<${Lo} isFiltered=${!!(e||o)} create=${T} />`} />
      </div>
      <p class="list-hint muted">${t("webhooks.idHint")}</p>
      ${i&&r`<${ft} webhook=${i} onDelete=${s.remove} onClose=${()=>n(null)} />`}
    <//>`}var Do=({id:e,unreadable:o})=>o?void 0:m(`/webhooks/${e}`),Eo=()=>[{name:"name",label:t("webhooks.name"),placeholder:t("webhooks.namePlaceholder"),maxLength:100,type:"search"},{name:"status",label:t("webhooks.status"),options:["active","inactive","disabled","failing"].map(e=>[e,t(`webhooks.statuses.${e}`)])}],Lo=({isFiltered:e,create:o})=>e?r`<${b} title=${t("webhooks.noMatch")} text=${t("webhooks.noMatchText")} />`:r`<${b} title=${t("webhooks.none")} text=${t("webhooks.noneText")} action=${o}
      curl=${o?j("createWebhook",{body:{name:"CRM",url:"https://crm.example.com/calls"}}):void 0} />`;var Te=()=>import("./administration-VOYCTIMI.js"),Po=()=>import("./compose-XPXCOUXO.js"),ne=()=>import("./lookup-LO74CXTI.js"),Zt=()=>import("./webhook-B4644S5J.js"),Qt=I(async()=>(await Te()).Account),Mo=I(async()=>(await Te()).Accounts),Yt=I(async()=>(await Po()).Compose),Wo=I(async()=>(await ne()).Deliveries),_o=I(async()=>(await ne()).Delivery),Fo=I(async()=>(await Te()).Keys),No=I(async()=>(await Zt()).Replay),Ho=I(async()=>(await ne()).Report),zo=I(async()=>(await ne()).Reports),Ko=I(async()=>(await Zt()).Webhook),Go=[["/",Ft,"overview"],["/webhooks",Vt,"webhooks"],["/webhooks/new",Yt,"webhooks"],["/webhooks/:id",Ko,"webhooks"],["/webhooks/:id/compose",Yt,"webhooks"],["/webhooks/:webhookId/replays/:id",No,"webhooks"],["/reports",zo,"reports"],["/reports/:id",Ho,"reports"],["/deliveries",Wo,"deliveries"],["/deliveries/:id",_o,"deliveries"],["/keys",Fo,"keys"],["/account",Qt,"account"],["/accounts",Mo,"accounts"],["/accounts/:id",Qt,"accounts"]];function Jt(e){for(let[o,s,i]of Go){let n=Ge(o,e);if(n)return{page:s,params:n,name:i}}return null}var Xt={o:"/",w:"/webhooks",r:"/reports",d:"/deliveries",k:"/keys",a:"/account"},eo=e=>e.closest?.("input, textarea, select, [contenteditable]");function to(){let e=0;document.addEventListener("keydown",o=>{if(!(o.ctrlKey||o.metaKey||o.altKey||document.querySelector("dialog[open]"))){if(o.key==="Escape"&&eo(o.target))return void o.target.blur();if(!eo(o.target))if(o.key==="/"){let s=document.querySelector('[data-shortcut="/"]');if(!s)return;o.preventDefault(),s.focus()}else o.key==="g"?e=Date.now():Date.now()-e<1e3&&Object.hasOwn(Xt,o.key)&&(e=0,k(Xt[o.key]))}})}var qo=["keys","accounts",null],jo=e=>E()?!qo.includes(e)&&kt:e!=="keys"&&e&&yt;function Uo(){let{key:e,who:o,count:s}=y(S),{path:i}=y(H);if(y(U),!o)return r`<${Ae}><${xt} /><${$e} /><//>`;let{page:n,params:a,name:l}=Jt(i)??{page:wt,params:{},name:null},c=!o.account&&jo(l)||n;return r`
    <${ke} key=${s}>
      <${gt} current=${l}><${ke} key=${`${s} ${i}`}><${c} ...${a} /><//><//>
    <//>
    ${!e&&r`<${bt} />`}
    <${$e} />`}var Vo=e=>e.kind==="not-found"||e.problem?.type==="urn:callhook:problem:account-erasing";function Qo({found:e}){let[o,s]=f({done:!e,error:null}),i=Re(!0),n=async()=>{s({done:!1,error:null});try{let a=Pe(),l=await h("readKey",{as:e,actFor:a}).catch(p=>{if(!a||!Vo(p))throw p;return null}),c=l??await h("readKey",{as:e});if(!i.current)return;Me(e,c,l?a:null),s({done:!0,error:null})}catch(a){if(!i.current)return;let l=a.kind==="key"||a.status===403;l&&(S.set({...S.get(),key:e}),C("key")),s({done:l,error:l?null:a})}};return R(()=>(e&&n(),()=>{i.current=!1}),[]),o.done?r`<${Uo} />`:r`<main class="page">${o.error?r`<${D} error=${o.error} retry=${n} />`:r`<${_} lines=${6} />`}</main>`}var Ce=Ee({key:null,count:0});function oo(){let e=le(location),{key:o,isMalformed:s}=Le(location,history);e&&C(s?"malformed":"link"),Ce.set({key:o,count:Ce.get().count+1})}function Yo(){return le(location)?(oo(),V(),!0):!1}function Zo(){let{key:e,count:o}=y(Ce);return r`<${Qo} key=${o} found=${e} />`}Ze();oo();Ke(Yo);to();We(()=>V("#/"));V();qe();Fe().then(()=>Be(r`<${Zo} />`,document.getElementById("app")));
