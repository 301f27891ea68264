import{a as Ye,b as $e}from"./chunk-Y72MNBMR.js";import{a as qe,d as Ue}from"./chunk-ZYLBOPOQ.js";import{a as mt}from"./chunk-YYFFWFN2.js";import{a as Xe,b as J,c as tt,d as ot,f as fe,g as rt,h as de,i as st,j as x,k as X,l as nt,m as he,n as it,o as at,p as lt,q as ct,r as ut}from"./chunk-2BWGDE4B.js";import{c as Qe}from"./chunk-34IFLDHA.js";import"./chunk-TXBMIOKK.js";import{c as $t}from"./chunk-XVVT3GVP.js";import{c as z,d as ee}from"./chunk-L4LCW5UX.js";import{b as ve}from"./chunk-2KQF4TC3.js";import{A as W,C as pt,a as y,b,c as P,e as H,g as He,h as ze,i as m,j as U,k as R,m as Q,n as Ke,o as Y,p as Ze,q as Z,s as Je,v as et}from"./chunk-UPYFOYXU.js";import{B as t,D as Fe,E as Me,F as me,G as h,H as G,I as g,L as pe,N as _e,P as Ne,Q as F,R as Ve,S as E,T as M,g as O,j as ae,k as N,l as u,m as L,n as D,o as le,p as Le,q as De,r as Pe,s as T,t as We,w as v,x as q,z as o}from"./chunk-3Z2XWQ2C.js";import{b as ue,d as Ge,e as je}from"./chunk-UNU4IGQQ.js";import{b as Ae,c as Ie,d as f,e as B,f as Be,g as j,i as Re,k as Ee,l as w,o as ce,p as V}from"./chunk-4U7JGEWF.js";var Xt=({kind:e})=>o`<${h} kind=${e} icon="refresh" onClick=${()=>location.reload()}>${t("errors.reload")}<//>`;function ge({children:e}){let[r]=Re(i=>console.error(i));if(!r)return e;let s=o`
    <div class="buttons">
      <${Xt} kind="primary" />
      <${h} icon="signOut" onClick=${()=>T()}>${t("top.signOut")}<//>
    </div>`;return o`<${b} title=${t("errors.crashed")}><div class="panel"><${y} text=${t("errors.crashedText")} action=${s} /></div><//>`}var ke=Object.keys(ce);function te(){let e=w(V),r=ke[(ke.indexOf(e)+1)%ke.length];return o`<button type="button" class="button small quiet" lang=${r} onClick=${()=>Fe(r)}>${ce[r]}</button>`}var eo=()=>{let e=!!O.get().who.account;return[["overview","/",e&&u("deliveries:read")&&!D()],["webhooks","/webhooks",e&&u("webhooks:read")],["reports","/reports",e&&u("deliveries:read")],["deliveries","/deliveries",e&&u("deliveries:read")],["keys","/keys",!0],["account","/account",e],["accounts","/accounts",L()]].filter(([,,r])=>r)},ft=({current:e,children:r})=>o`
  <div class="frame">
    <a class="skip button" href="#content" onClick=${to}>${t("nav.skip")}</a>
    <nav class="rail" aria-label=${t("nav.label")}>
      <a class="brand" href=${m("/")} aria-label=${t("name")}><${oo} /><span class="word">${t("name")}</span></a>
      ${eo().map(([s,i])=>o`
        <a key=${s} class="item" href=${m(i)} aria-current=${s===e?"page":void 0} title=${t(`nav.${s}`)}>
          <${me} name=${s} /><span class="word">${t(`nav.${s}`)}</span>
        </a>`)}
      <span class="gap" />
      <a class="item" href="../docs" target="_blank" rel="noreferrer" title=${t("nav.docs")}><${me} name="docs" /><span class="word">${t("nav.docs")}</span></a>
    </nav>
    <${ro} />
    ${r}
  </div>`;function to(e){e.preventDefault(),document.getElementById("content")?.focus()}var oo=()=>o`
  <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#2457d6" />
    <path d="M10 8v9a6 6 0 0 0 12 0v-2" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
    <path d="m18 18 4-4 4 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" /></svg>`;function ro(){let{who:e}=w(O),r=u("webhooks:write")||u("deliveries:write");return o`
    <header class="top">
      ${L()||!e.account?o`<${so} account=${e.account} />`:o`<span class="account" title=${e.account.name}>${e.account.name}</span>`}
      ${e.account&&o`<span class="zone">${t("top.zone",{zone:N()})}</span>`}
      ${!r&&!L()&&e.account&&o`<span class="chip">${t("top.readOnly")}</span>`}
      ${D()&&o`<span class="chip">${t("top.oneWebhook")}</span>`}
      ${e.kind==="console_link"&&e.expires_at&&o`<span class="zone" title=${e.expires_at}>${t("top.expires",{when:Ge(e.expires_at)})}</span>`}
      ${e.account&&u("deliveries:read")?o`<${no} />`:o`<form />`}
      <${te} />
      <${Ye} />
      <${G} icon="signOut" label=${t("top.signOut")} onClick=${()=>He(()=>T())} />
    </header>`}var so=({account:e})=>o`
  ${L()?o`<a class="account" href=${m("/accounts")} title=${e?t("top.switchAccount",{name:e.name}):void 0}>${e?.name??t("top.noAccount")}</a>`:o`<span class="account">${t("top.noAccount")}</span>`}
  ${e&&o`<span class="acting"><${G} icon="close" kind="small" label=${t("top.stopActing",{name:e.name})} onClick=${Ue} /></span>`}`;function no(){let[e,r]=f("");return o`
    <form role="search" onSubmit=${i=>{i.preventDefault(),e.trim()&&R("/reports",{number:e.trim()}),r("")}}>
      <input class="input" type="search" data-shortcut="/" aria-label=${t("top.search")} title=${t("top.searchHint")} placeholder=${t("top.search")} value=${e}
        onInput=${i=>r(i.currentTarget.value)} />
    </form>`}function dt(){return B(()=>{H.get().path==="/"&&R("/accounts",{},{replace:!0})},[]),o`
    <${b} title=${t("top.choose")}>
      <${y} title="" text=${t("top.chooseText")} action=${o`<${g} kind="primary" href=${m("/accounts")}>${t("top.toAccounts")}<//>`} />
    <//>`}var ht=()=>o`
  <${b} title=${t("errors.pageUnknown")}>
    <${y} title="" action=${o`<${g} href=${m("/")}>${t("errors.toOverview")}<//>`} />
  <//>`;var vt=()=>o`
  <${b} title=${t("top.keyLacks")}>
    <div class="panel"><${y} text=${t("top.keyLacksText")} action=${o`
      <div class="buttons">
        <${h} kind="primary" icon="signOut" onClick=${()=>T()}>${t("top.signOut")}<//>
        <${g} href=${m("/keys")}>${t("nav.keys")}<//>
      </div>`} /></div>
  <//>`;function oe({title:e,actions:r}){let{ended:s}=w(O),[i,n]=f(""),[a,l]=f(()=>O.get().ended==="malformed"?t("signIn.malformed"):null),{busy:c,error:p,run:d}=Z(),S=Xe(),A=$=>{$.preventDefault();let k=i.trim(),I=/^chk_[\w-]+$/.test(k);l(I?null:t("signIn.malformed")),I&&d(()=>qe(k))},_=p?.kind==="key"?t("signIn.wrong"):null;return o`
    <form class="stack" ref=${S} onSubmit=${A}>
      ${e&&o`<h1>${e}</h1>`}
      ${s==="key"&&!p&&o`<${F} kind="warning">${t("signIn.ended")}<//>`}
      <p class="muted">${t("signIn.lead")}</p>
      <${et} label=${t("signIn.key")} value=${i} onValue=${n} error=${a??_} type="password" mono autofocus
        placeholder=${t("signIn.placeholder")} autocomplete="off" spellcheck=${!1} name="key" hint=${t("signIn.kept")} />
      ${p&&!_&&o`<${E} error=${p} />`}
      <${h} kind="primary" type="submit" busy=${c}>${t("signIn.action")}<//>
      ${r}
    </form>`}var gt=()=>o`
  <${Je} title=${t("signIn.title")}>
    <${oe} actions=${o`<${h} icon="signOut" onClick=${()=>T()}>${t("top.signOut")}<//>`} />
  <//>`;function kt(){return B(()=>{document.title=`${t("signIn.title")} · ${t("name")}`},[]),o`
    <main class="sign-in">
      <div class="panel"><div class="body"><${oe} title=${t("signIn.title")} actions=${o`<${te} />`} /></div></div>
    </main>`}function C(e){let r=null;return function(i){let[n,a]=f(()=>r),[l,c]=f(!1);return B(()=>{r||e().then(p=>{r=p,a(()=>p)},()=>c(!0))},[]),n?o`<${n} ...${i} />`:o`<div class="page">${l?o`<${F} kind="failed">${t("errors.page")}<//>`:o`<${M} lines=${6} />`}</div>`}}var we=5;function wt({reading:e}){let{data:r,error:s,reload:i}=e,n=r&&it(r.rows);return o`
    <div class="failing">
      <${P} title=${t("overview.failing")} flush>
        ${s&&o`<div class="body"><${E} error=${s} retry=${i} /></div>`}
        ${!r&&!s&&o`<div class="body"><${M} lines=${4} /></div>`}
        ${n?.length===0&&o`<div class="body muted">${io(r)}</div>`}
        ${n?.length>0&&o`<ul>${n.slice(0,we).map(([a,l])=>o`<${lo} key=${a.id} webhook=${a} trouble=${l} />`)}</ul>`}
        ${n?.length>we&&o`<div class="more"><a href=${m("/webhooks",{status:"failing"})}>${t("overview.moreFailing",{count:n.length-we})}</a></div>`}
        ${n?.length>0&&!r.isAll&&o`<div class="more muted"><small>${t("overview.lookedAt",{count:x(r.rows.length)})}</small></div>`}
      <//>
    </div>`}var io=({rows:e,isAll:r})=>r?t("overview.allWell",{count:e.length}):t("overview.allWellOfMany",{count:x(e.length)}),ao={gone:"disabled",failing:"disabled",open:"open",half_open:"half_open",counting:"retrying"},lo=({webhook:{id:e,name:r,summary:s},trouble:{kind:i,since:n,meaning:a,nextAt:l,failures:c}})=>o`
  <li>
    <div class="line"><a class="ellipsis" href=${m(`/webhooks/${e}`)} title=${r}>${r}</a><${z} value=${ao[i]} /></div>
    <p>${t(`overview.why.${i}`,{count:c})}</p>
    ${a&&o`<p class="muted meaning" title=${a}>${a}</p>`}
    <p class="muted facts-line">
      ${n&&o`<span>${t("overview.since")} <${W} at=${n} /></span>`}
      ${l&&o`<span>${t("overview.nextTry")} <${W} at=${l} relative /></span>`}
      ${s?.failed>0&&o`<a href=${m("/deliveries",{status:"failed",webhook_id:e})}>${t("overview.failedDeliveries",{count:s.failed})}</a>`}
    </p>
  </li>`;var ye=e=>e===null?"–":je(e);function bt({range:e,reading:{data:r,error:s}}){let i=N(),n=j(()=>r&&de(r.hours,e,i),[r,i]),a=!!(s&&!r);return o`
    <section class="panel totals" aria-label=${t("overview.figures")} aria-busy=${n||s?void 0:"true"}>
      <${K} isMissing=${a} name="delivered" value=${n&&x(n.delivered)} />
      <${K} isMissing=${a} name="failed" tone=${n?.failed?"failed":""} value=${n&&x(n.failed)} />
      <${K} isMissing=${a} name="skipped" value=${n&&x(n.skipped)} />
      <${K} isMissing=${a} name="successRate" hint=${t("overview.rateHint")} value=${n&&X(n.successRate)} />
      <${K} isMissing=${a} name="attempts" value=${n&&x(n.attempts)} more=${n&&t("overview.failedAttempts",{attempts:x(n.failedAttempts)})} />
      <${K} isMissing=${a} name="p50" hint=${t("overview.estimate")} value=${n&&ye(n.p50)} />
      <${K} isMissing=${a} name="p95" hint=${t("overview.estimateTail")} value=${n&&ye(n.p95)} />
    </section>`}function xt({range:e,reading:{data:r,error:s}}){let[{step:i},n]=[J[e],N()],a=j(()=>r&&de(r.hours,e,n),[r,n]),l=j(()=>r&&rt(r.hours,e,n),[r,n]),c=st(n);return s&&!r?null:o`
    <${P} title=${t(i==="hour"?"overview.perHour":"overview.perDay")}>
      ${l?o`<${ct} buckets=${l} step=${i} total=${a} sync="overview" />`:o`<${yt} />`}
    <//>
    <${P} title=${t(i==="hour"?"overview.latencyPerHour":"overview.latencyPerDay")}>
      ${l?o`<${co} buckets=${l} step=${i} total=${a} />`:o`<${yt} />`}
      ${c>0&&o`<p class="muted"><small>${t("overview.halfHours",{zone:n,minutes:c})}</small></p>`}
    <//>`}var yt=()=>o`<div class="chart-skeleton"><${M} lines=${4} /></div>`,K=({name:e,value:r,more:s,hint:i,isMissing:n,tone:a=""})=>o`
  <div class="figure" title=${i}>
    <span class="label">${t(`overview.${e}`)}${s&&o` · ${s}`}</span>
    <span class=${`value ${a}`}>${r??(n?"–":o`<span class="skeleton" />`)}</span>
  </div>`;function co({buckets:e,step:r,total:s}){let[i,n]=j(()=>[e.map(({at:a})=>a),["p50","p95"].map(a=>({name:a,title:a,dash:a==="p95",values:e.map(l=>l[a]),total:s[a]}))],[e]);return o`<${lt} label=${t(r==="hour"?"overview.latencyPerHour":"overview.latencyPerDay")} kind="lines" step=${r} times=${i} series=${n}
    format=${ye} empty=${t("overview.noAttempts")} sync="overview" />`}var be={source:"OBD",bridge:91806828e4,from:91891952e4,to:91886713e4,status:"ANSWER",duration:"16"};function Ot({webhookId:e,callId:r,now:s,zone:i}){return{webhook_id:e,id:r,...be,start_at:ue(s-16e3,i),end_at:ue(s,i)}}var St=()=>[...crypto.getRandomValues(new Uint8Array(16))].map(e=>e.toString(16).padStart(2,"0")).join("");async function Tt(e,{tries:r,pause:s,isSoon:i}){for(let n=r;n>0;n-=1){try{return await e(),!0}catch(a){if(!i(a))throw a}n>1&&await s()}return!1}var mo=10,po=()=>new Promise(e=>setTimeout(e,1e3));function Ct({webhook:e}){let{busy:r,error:s,run:i}=Z();if(!u("reports:write"))return o`<${g} href=${m("/reports")}>${t("overview.guide.toReports")}<//>`;let n=()=>i(async()=>{let l=H.get().path,{id:c}=await v("handOverReports",{body:Ot({webhookId:e.id,callId:St(),now:Date.now(),zone:N()})});await Tt(()=>v("readReport",{params:{id:c}}),{tries:mo,pause:po,isSoon:({kind:d})=>d==="not-found"}),H.get().path===l&&R(`/reports/${c}`)}),a=q("handOverReports",{body:{webhook_id:e?.id??"WEBHOOK_ID",...be}});return o`
    ${e&&o`
      <div class="buttons">
        <${h} kind="primary" icon="play" busy=${r} onClick=${n}>${t("overview.guide.handOver")}<//>
        <span class="muted" role="status">${r?t("overview.guide.waiting"):""}</span>
      </div>`}
    <${E} error=${s} retry=${n} />
    <details class="with-api"><summary>${t("overview.guide.withApi")}</summary><${Ne} text=${a} name="curl" wrap /></details>`}function At({webhook:e,hasReports:r}){let{who:s}=w(O),i=u("webhooks:write"),n=u("reports:write"),a=c=>o`<div class="wide"><${P} title=${t("overview.guide.title")}>${c}<//></div>`;if(!i&&!(e&&n))return a(o`<${F}>${t(`overview.guide.onlyShows.${s?.kind==="console_link"?"link":"key"}`)}<//>`);let l=m(`/webhooks/${e?.id}/compose`);return a(o`
    <p class="muted">${t("overview.guide.lead")}</p>
    <ol class="guide">
      <${re} name="create" isDone=${!!e}>
        ${!e&&o`<${g} kind="primary" icon="plus" href=${m("/webhooks/new")}>${t("overview.guide.create")}<//>`}
        ${e&&o`<a class="anywhere" href=${m(`/webhooks/${e.id}`)}>${t("overview.guide.openWebhook",{name:e.name})}</a>`}
      <//>
      <${re} name="compose" isDone=${!!e}>
        ${e&&i&&o`<${g} href=${l}>${t("overview.guide.compose")}<//>`}
      <//>
      <${re} name="test" isDone=${r}>
        ${e&&i&&o`<${g} href=${m(`/webhooks/${e.id}/compose`,{show:"test"})}>${t("overview.guide.test")}<//>`}
      <//>
      <${re} name="report" isDone=${r} text=${t(n?"overview.guide.reportText":"overview.guide.reportByPlatform")}>
        <${Ct} webhook=${e} />
      <//>
    </ol>`)}var re=({name:e,text:r,isDone:s,children:i})=>o`
  <li class=${s?"done":""}>
    <h3>${t(`overview.guide.${e}`)}${s&&o` <span class="status delivered">${t("overview.guide.done")}</span>`}</h3>
    <p>${r??t(`overview.guide.${e}Text`)}</p>
    ${i}
  </li>`;function It({reading:e}){let{data:r,error:s,loading:i,reload:n}=e,a={rows:r?.data,error:s,loading:i&&!r,hasMore:!1,reload:n};return o`
    <${P} title=${t("overview.lastReports")} actions=${o`<a href=${m("/reports")}>${t("overview.allReports")}</a>`} flush>
      <${ee} label=${t("overview.lastReports")} columns=${uo()} pages=${a} linkOf=${Bt} empty=${o`<${y} title=${t("overview.noReports")} />`} />
    <//>`}var Bt=({id:e})=>m(`/reports/${e}`),uo=()=>[{name:"received",title:t("overview.received"),cell:e=>o`<a href=${Bt(e)}><${W} at=${e.received_at} /></a>`},{name:"from",title:t("overview.from"),cell:({from:e})=>o`<${ve} value=${e} />`},{name:"to",title:t("overview.to"),cell:({to:e})=>o`<${ve} value=${e} />`},{name:"call",title:t("overview.call"),cell:({source:e,call_status:r})=>[e,r].filter(Boolean).join(" · ")||"–"},{name:"status",title:t("overview.status"),cell:({status:e,reason:r})=>o`<${z} value=${r??e} />`},{name:"deliveries",title:t("overview.deliveries"),right:!0,cell:({deliveries:e})=>e.length}];var Rt=({range:e,asOf:r})=>o`
  ${r&&o`<span class="as-of">${t("overview.asOf",{time:""})}<${W} at=${new Date(r).toISOString()} /></span>`}
  <nav class="segments" aria-label=${t("overview.range")}>
    ${Object.keys(J).map((s,i)=>o`
      <a key=${s} href=${m("/",{range:i?s:void 0})} aria-current=${s===e?"true":void 0}>${t(`overview.ranges.${s}`)}</a>`)}
  </nav>`;var xe=3e4,$o=100,fo=10,Et=(e,r)=>Y(async s=>{let{data:i}=await v("readAccountFigures",{query:{from:ot(e)},signal:s});return r(Date.now()),{range:e,hours:i}},[e],{every:xe}),Lt=()=>Y(e=>v("searchReports",{query:{limit:10},signal:e}),[],{every:xe});function Dt(){let[e,r]=f(1);return Y(async s=>{if(!u("webhooks:read"))return{rows:[],isAll:!0};let i=[],n,a=0;do{let l=await v("listWebhooks",{query:{include:"summary",limit:$o,cursor:n},signal:s});i.push(...l.data),n=l.next_cursor,a+=1}while(n&&a<fo);return r(a),{rows:i,isAll:!n}},[],{every:xe*e})}function ho(){return ae()?D()?`/webhooks/${D()}`:u("webhooks:read")?"/webhooks":"/account":L()?"/accounts":"/keys"}function Pt(){let e=!!ae()&&u("deliveries:read")&&!D();return B(()=>{e||R(ho(),{},{replace:!0})},[]),e?o`<${vo} />`:o`<${b} title=${t("overview.title")} />`}function vo(){let e=tt(Q().range),[r,s]=f(null),i=Et(e,s),n=i.data?.range===e?i:{...i,data:void 0},a=Dt(),l=Lt(),c=l.data?.data.length===0&&(!u("webhooks:read")||a.data!==void 0),p=a.data?.rows.length===0,d=u("webhooks:read")&&!p;return o`
    <${b} title=${t("overview.title")} actions=${!c&&o`<${Rt} range=${e} asOf=${r} />`}>
      <div class="overview">
        ${(c||p)&&o`<${At} webhook=${a.data?.rows.find(({unreadable:S})=>!S)}
          hasReports=${l.data?.data.length>0||n.data?.hours.some(({attempts:S,skipped:A})=>S+A>0)} />`}
        ${n.error&&o`<div class="wide"><${E} error=${n.error} retry=${n.reload} /></div>`}
        ${!c&&o`
          <${bt} range=${e} reading=${n} />
          ${d&&o`<${wt} reading=${a} />`}
          <div class=${d?"main":"main wide"}><${xt} range=${e} reading=${n} /><${It} reading=${l} /></div>`}
      </div>
    <//>`}var[Wt,Ft,Oe]=[4,3,20];function Mt({delivered:e,failed:r,label:s}){let i=Math.max(...e.map((c,p)=>c+r[p]),1),n=c=>c?Math.max(c/i*(Oe-3),2):0,a=e.map((c,p)=>({x:p*Wt,below:n(c),above:n(r[p])})),l=(c,p)=>a.filter(d=>p(d)).map(d=>`M${d.x} ${Oe-c(d)}h${Ft}v${-p(d)}h${-Ft}z`).join("");return o`
    <svg class="spark" viewBox=${`0 0 ${e.length*Wt} ${Oe}`} preserveAspectRatio="none" role="img" aria-label=${s}><title>${s}</title>
      <path class="base" d=${l(()=>0,()=>1)} />
      <path class="delivered" d=${l(()=>0,({below:c})=>c)} />
      <path class="failed" d=${l(({below:c})=>c,({above:c})=>c)} />
    </svg>`}var se=()=>o`<span class="muted">–</span>`;function Nt(e){let r=u("deliveries:read");return[{name:"name",title:t("webhooks.name"),sort:({name:s})=>s?.toLowerCase(),cell:s=>o`<${ko} row=${s} />`},{name:"status",title:t("webhooks.status"),sort:go,cell:s=>o`<${wo} row=${s} />`},r&&{name:"rate",title:t("webhooks.rate"),sort:({summary:s})=>s&&fe(s),cell:({summary:s})=>o`<${yo} of=${s} />`},r&&{name:"deliveries",title:t("webhooks.deliveries"),right:!0,sort:_t,cell:s=>s.summary?x(_t(s)):se()},{name:"failure",title:t("webhooks.lastFailure"),sort:({health:s})=>s?.last_failure?.at,cell:({health:s})=>o`<${bo} of=${s?.last_failure} />`},{name:"id",title:t("webhooks.id"),cell:({id:s,name:i})=>o`<${pt} value=${s} what=${t("webhooks.copyId",{name:i??s})} />`},u("webhooks:write")&&{name:"actions",title:t("webhooks.actions"),right:!0,cell:s=>o`<${xo} row=${s} ...${e} />`}].filter(Boolean)}var _t=({summary:e})=>e&&e.delivered+e.failed,go=e=>he(e)?.rank??(e.status==="active"?4:5),ko=({row:{id:e,name:r,url:s,unreadable:i}})=>i?o`<span class="name unreadable">${t("webhooks.unreadable")}</span>`:o`<span class="name"><a class="ellipsis" href=${m(`/webhooks/${e}`)} title=${r}>${r}</a><span class="ellipsis host" title=${s}>${nt(s)}</span></span>`;function wo({row:e}){if(e.unreadable)return se();let r=he(e),s=e.status==="active"&&e.health?.circuit!=="closed"&&e.health?.circuit;return o`
    <span class="state">
      <${z} value=${e.status} />
      ${s&&o`<${z} value=${s} />`}
      ${r?.kind==="counting"&&o`<span class="host">${t("webhooks.failuresInRow",{count:r.failures})}</span>`}
    </span>`}var yo=({of:e})=>e?o`<span class="rate"><span class="share">${X(fe(e))}</span>
      <${Mt} delivered=${e.hourly.delivered} failed=${e.hourly.failed}
        label=${t("webhooks.spark",{delivered:x(e.delivered),failed:x(e.failed)})} /></span>`:se(),bo=({of:e})=>e?o`<span class="failure" title=${e.meaning}><span class="ellipsis">${e.meaning}</span><span class="host"><${W} at=${e.at} /></span></span>`:se();function xo({row:e,onToggle:r,onDelete:s,busy:i}){if(e.unreadable)return null;let{name:n,status:a}=e,l=a==="active";return o`
    <span class="row-actions">
      <${G} icon=${l?"pause":"play"} kind="small" disabled=${i===e.id} label=${t(l?"webhooks.pauseOf":"webhooks.activateOf",{name:n})} onClick=${()=>r(e)} />
      <${G} icon="trash" kind="small" disabled=${i===e.id} label=${t("webhooks.deleteOf",{name:n})} onClick=${()=>s(e)} />
    </span>`}function Ht({of:{action:e,before:r,now:s},onRepeat:i,onClose:n}){let{name:a}=r,l=s&&(e==="remove"||s.status===r.status),c=e==="remove"?"delete":r.status==="active"?"pause":"activate",p=o`
    <span class="buttons">
      ${l&&o`<${h} kind="small" onClick=${()=>i(e,s)}>${c==="delete"?t("webhooks.deleteOf",{name:a}):t(`webhooks.${c}`)}<//>`}
      <${h} kind="small" onClick=${n}>${t("common.close")}<//>
    </span>`;return o`<${F} kind="warning" action=${p}><span role="alert">${s?Oo(r,s):t("webhooks.gone",{name:a})}</span><//>`}var Oo=(e,r)=>t("webhooks.changed",{name:e.name,before:e.version,statusBefore:t(`status.${e.status}`),now:r.version,statusNow:t(`status.${r.status}`)});function zt(e,r){return e?.filter(({id:s})=>r[s]!==null).map(s=>{let i=r[s.id];return!i||s.unreadable||i.version<=s.version?s:{...i,summary:s.summary}})}var So=3e4;function Kt(e){let[r,s]=f({}),[i,n]=f(null),[a,l]=f(null),c=u("deliveries:read")?"summary":void 0,p=Ze(($,k)=>v("listWebhooks",{query:{include:c,name:e,cursor:$},signal:k}),[e],{every:So}),d=($,k)=>{s(I=>({...I,[$]:k})),$t()};async function S($,k,I){n(null);try{await I()}catch(ie){if(ie.kind!=="precondition"&&ie.kind!=="not-found")throw ie;let Ce=await To(k.id);d(k.id,Ce),n({action:$,before:k,now:Ce})}}async function A($){let k=$.status==="active";l($.id);try{await S("toggle",$,async()=>{let I=await v("changeWebhook",{params:{id:$.id},body:{status:k?"inactive":"active"},version:$.version});d($.id,I),pe(t(k?"webhooks.paused":"webhooks.activated",{name:$.name}))})}catch(I){_e(`${t("webhooks.failed",{name:$.name})} ${Ve(I)}`,()=>A($))}finally{l(null)}}let _=$=>S("remove",$,async()=>{await v("deleteWebhook",{params:{id:$.id},version:$.version}),d($.id,null),pe(t("webhooks.deleted",{name:$.name}))});return{pages:{...p,rows:zt(p.rows,r)},conflict:i,busy:a,toggle:A,remove:_,closeConflict:()=>n(null)}}async function To(e){try{return await v("readWebhook",{params:{id:e}})}catch(r){if(r.kind==="not-found")return null;throw r}}function Gt(){let{name:e,status:r}=Q(),s=Kt(e),[i,n]=f(null),{pages:a,conflict:l}=s,c=a.rows?.filter(A=>at(A,r)),p=u("webhooks:write")&&!D(),d=(A,_)=>{s.closeConflict(),A==="remove"?n(_):s.toggle(_)},S=p&&o`<${g} kind="primary" icon="plus" href=${m("/webhooks/new")}>${t("webhooks.create")}<//>`;return o`
    <${b} title=${t("webhooks.title")} actions=${S}>
      ${l&&o`<${Ht} of=${l} onRepeat=${d} onClose=${s.closeConflict} />`}
      <${mt} label=${t("webhooks.filters")} fields=${Ao()} />
      ${r&&a.rows&&o`<p class="list-hint muted">${t("webhooks.statusHint",{count:a.rows.length})}
        ${a.hasMore&&o` <${h} kind="small" busy=${a.loading} onClick=${a.more}>${t("webhooks.statusHintMore")}<//>`}</p>`}
      <div class="panel webhooks">
        <${ee} label=${t("webhooks.title")} columns=${Nt({onToggle:s.toggle,onDelete:n,busy:s.busy})}
          pages=${{...a,rows:c}} linkOf=${Co} empty=${o`<${Io} isFiltered=${!!(e||r)} create=${S} />`} />
      </div>
      <p class="list-hint muted">${t("webhooks.idHint")}</p>
      ${i&&o`<${ut} webhook=${i} onDelete=${s.remove} onClose=${()=>n(null)} />`}
    <//>`}var Co=({id:e,unreadable:r})=>r?void 0:m(`/webhooks/${e}`),Ao=()=>[{name:"name",label:t("webhooks.name"),placeholder:t("webhooks.namePlaceholder"),maxLength:100,type:"search"},{name:"status",label:t("webhooks.status"),options:["active","inactive","disabled","failing"].map(e=>[e,t(`webhooks.statuses.${e}`)])}],Io=({isFiltered:e,create:r})=>e?o`<${y} title=${t("webhooks.noMatch")} text=${t("webhooks.noMatchText")} />`:o`<${y} title=${t("webhooks.none")} text=${t("webhooks.noneText")} action=${r}
      curl=${r?q("createWebhook",{body:{name:"CRM",url:"https://crm.example.com/calls"}}):void 0} />`;var Se=()=>import("./administration-VV3YZ4QC.js"),Bo=()=>import("./compose-A5UDEH5K.js"),ne=()=>import("./lookup-X3TBJWZF.js"),Vt=()=>import("./webhook-QMZEK5W7.js"),jt=C(async()=>(await Se()).Account),Ro=C(async()=>(await Se()).Accounts),qt=C(async()=>(await Bo()).Compose),Eo=C(async()=>(await ne()).Deliveries),Lo=C(async()=>(await ne()).Delivery),Do=C(async()=>(await Se()).Keys),Po=C(async()=>(await Vt()).Replay),Wo=C(async()=>(await ne()).Report),Fo=C(async()=>(await ne()).Reports),Mo=C(async()=>(await Vt()).Webhook),_o=[["/",Pt,"overview"],["/webhooks",Gt,"webhooks"],["/webhooks/new",qt,"webhooks"],["/webhooks/:id",Mo,"webhooks"],["/webhooks/:id/compose",qt,"webhooks"],["/webhooks/:webhookId/replays/:id",Po,"webhooks"],["/reports",Fo,"reports"],["/reports/:id",Wo,"reports"],["/deliveries",Eo,"deliveries"],["/deliveries/:id",Lo,"deliveries"],["/keys",Do,"keys"],["/account",jt,"account"],["/accounts",Ro,"accounts"],["/accounts/:id",jt,"accounts"]];function Ut(e){for(let[r,s,i]of _o){let n=Ke(r,e);if(n)return{page:s,params:n,name:i}}return null}var Qt={o:"/",w:"/webhooks",r:"/reports",d:"/deliveries",k:"/keys",a:"/account"},Yt=e=>e.closest?.("input, textarea, select, [contenteditable]");function Zt(){let e=0;document.addEventListener("keydown",r=>{if(!(r.ctrlKey||r.metaKey||r.altKey||document.querySelector("dialog[open]"))){if(r.key==="Escape"&&Yt(r.target))return void r.target.blur();if(!Yt(r.target))if(r.key==="/"){let s=document.querySelector('[data-shortcut="/"]');if(!s)return;r.preventDefault(),s.focus()}else r.key==="g"?e=Date.now():Date.now()-e<1e3&&Object.hasOwn(Qt,r.key)&&(e=0,R(Qt[r.key]))}})}var No=["keys","accounts",null],Ho=e=>L()?!No.includes(e)&&dt:e!=="keys"&&e&&vt;function zo(){let{key:e,who:r,count:s}=w(O),{path:i}=w(H);if(w(V),!r)return o`<${Ae}><${kt} /><${$e} /><//>`;let{page:n,params:a,name:l}=Ut(i)??{page:ht,params:{},name:null},c=!r.account&&Ho(l)||n;return o`
    <${ge} key=${s}>
      <${ft} current=${l}><${ge} key=${`${s} ${i}`}><${c} ...${a} /><//><//>
    <//>
    ${!e&&o`<${gt} />`}
    <${$e} />`}var Ko=e=>e.kind==="not-found"||e.problem?.type==="urn:callhook:problem:account-erasing";function Go({found:e}){let[r,s]=f({done:!e,error:null}),i=Be(!0),n=async()=>{s({done:!1,error:null});try{let a=De(),l=await v("readKey",{as:e,actFor:a}).catch(p=>{if(!a||!Ko(p))throw p;return null}),c=l??await v("readKey",{as:e});if(!i.current)return;Pe(e,c,l?a:null),s({done:!0,error:null})}catch(a){if(!i.current)return;let l=a.kind==="key"||a.status===403;l&&(O.set({...O.get(),key:e}),T("key")),s({done:l,error:l?null:a})}};return B(()=>(e&&n(),()=>{i.current=!1}),[]),r.done?o`<${zo} />`:o`<main class="page">${r.error?o`<${E} error=${r.error} retry=${n} />`:o`<${M} lines=${6} />`}</main>`}var Te=Ee({key:null,count:0});function Jt(){let e=le(location),{key:r,isMalformed:s}=Le(location,history);e&&T(s?"malformed":"link"),Te.set({key:r,count:Te.get().count+1})}function jo(){return le(location)?(Jt(),U(),!0):!1}function qo(){let{key:e,count:r}=w(Te);return o`<${Go} key=${r} found=${e} />`}Qe();Jt();ze(jo);Zt();We(()=>U("#/"));U();Me().then(()=>Ie(o`<${qo} />`,document.getElementById("app")));
