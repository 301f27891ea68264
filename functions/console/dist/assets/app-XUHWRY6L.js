import{a as Me,b as me}from"./chunk-JTU5LJZ2.js";import{a as _e,d as Ee}from"./chunk-S22XDSWP.js";import{a as Ve}from"./chunk-ULY5DIEC.js";import{a as J,b as ze,c as Ge,e as pe,f as Ke,g as ue,h as qe,i as h,j as X,k as je,l as Ue}from"./chunk-3J6IN7GR.js";import{c as Pe}from"./chunk-NWKWKTF3.js";import"./chunk-WPQ47BJN.js";import{a as M,b as ee}from"./chunk-E7RPRKJB.js";import{a as $e}from"./chunk-C5OOW53J.js";import{a as Q,c as Ae,d as m,e as x,g as Y,h as Re,i as A,j as R,k as D,n as Ne,q as Z,r as Fe,s as He,u as I,v as Qe,x as Ye}from"./chunk-TMLO5BIS.js";import{B as le,D as We,E as ce,F as P,G as F,H as O,I as H,J as Be,K as _,M as Le,N as W,c as T,f as G,g as K,h as u,i as N,j as C,k as xe,l as Oe,m as Se,n as j,q as v,r as U,t as r,v as t,x as Te,y as Ce}from"./chunk-JDEVLQNA.js";import{d as De,e as Ie}from"./chunk-LRF4DBS5.js";import{b as be,c as ye,d,e as b,g as z,k as y,n as ae,o as V}from"./chunk-JGVKQESF.js";var fe=Object.keys(ae);function te(){let e=y(V),o=fe[(fe.indexOf(e)+1)%fe.length];return r`<button type="button" class="button small quiet" lang=${o} onClick=${()=>Te(o)}>${ae[o]}</button>`}var _t=()=>{let e=!!T.get().who.account;return[["overview","/",e&&u("deliveries:read")&&!C()],["webhooks","/webhooks",e&&u("webhooks:read")],["reports","/reports",e&&u("deliveries:read")],["deliveries","/deliveries",e&&u("deliveries:read")],["keys","/keys",!0],["account","/account",e],["accounts","/accounts",N()]].filter(([,,o])=>o)},Ze=({current:e,children:o})=>r`
  <div class="frame">
    <a class="skip button" href="#content" onClick=${Wt}>${t("nav.skip")}</a>
    <nav class="rail" aria-label=${t("nav.label")}>
      <a class="brand" href=${m("/")} aria-label=${t("name")}><${Bt} /><span class="word">${t("name")}</span></a>
      ${_t().map(([s,i])=>r`
        <a key=${s} class="item" href=${m(i)} aria-current=${s===e?"page":void 0} title=${t(`nav.${s}`)}>
          <${ce} name=${s} /><span class="word">${t(`nav.${s}`)}</span>
        </a>`)}
      <span class="gap" />
      <a class="item" href="../docs" target="_blank" rel="noreferrer" title=${t("nav.docs")}><${ce} name="docs" /><span class="word">${t("nav.docs")}</span></a>
    </nav>
    <${Et} />
    ${o}
  </div>`;function Wt(e){e.preventDefault(),document.getElementById("content")?.focus()}var Bt=()=>r`
  <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#2457d6" />
    <path d="M10 8v9a6 6 0 0 0 12 0v-2" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
    <path d="m18 18 4-4 4 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" /></svg>`;function Et(){let{who:e}=y(T),o=u("webhooks:write")||u("deliveries:write");return r`
    <header class="top">
      ${N()?r`<${Pt} account=${e.account} />`:r`<span class="account" title=${e.account.name}>${e.account.name}</span>`}
      ${e.account&&r`<span class="zone">${t("top.zone",{zone:K()})}</span>`}
      ${!o&&!N()&&r`<span class="chip">${t("top.readOnly")}</span>`}
      ${C()&&r`<span class="chip">${t("top.oneWebhook")}</span>`}
      ${e.kind==="console_link"&&e.expires_at&&r`<span class="zone" title=${e.expires_at}>${t("top.expires",{when:De(e.expires_at)})}</span>`}
      ${e.account&&u("deliveries:read")?r`<${Mt} />`:r`<form />`}
      <${te} />
      <${Me} />
      <${F} icon="signOut" label=${t("top.signOut")} onClick=${()=>j()} />
    </header>`}var Pt=({account:e})=>r`
  <a class="account" href=${m("/accounts")} title=${e?t("top.switchAccount",{name:e.name}):void 0}>${e?.name??t("top.noAccount")}</a>
  ${e&&r`<span class="acting"><${F} icon="close" kind="small" label=${t("top.stopActing",{name:e.name})} onClick=${Ee} /></span>`}`;function Mt(){let[e,o]=d("");return r`
    <form role="search" onSubmit=${i=>{i.preventDefault(),e.trim()&&x("/reports",{number:e.trim()}),o("")}}>
      <input class="input" type="search" data-shortcut="/" aria-label=${t("top.search")} title=${t("top.searchHint")} placeholder=${t("top.search")} value=${e}
        onInput=${i=>o(i.currentTarget.value)} />
    </form>`}function Je(){return b(()=>{Q.get().path==="/"&&x("/accounts",{},{replace:!0})},[]),r`
    <${R} title=${t("top.choose")}>
      <${A} title="" text=${t("top.chooseText")} action=${r`<${O} kind="primary" href=${m("/accounts")}>${t("top.toAccounts")}<//>`} />
    <//>`}var Xe=()=>r`
  <${R} title=${t("errors.pageUnknown")}>
    <${A} title="" action=${r`<${O} href=${m("/")}>${t("errors.toOverview")}<//>`} />
  <//>`;function et(){let{ended:e}=y(T),[o,s]=d(""),[i,n]=d(null),{busy:a,error:l,run:c}=He();b(()=>{document.title=`${t("signIn.title")} · ${t("name")}`},[]);let p=g=>{g.preventDefault();let S=o.trim(),B=/^chk_[\w-]+$/.test(S);n(B?null:t("signIn.malformed")),B&&c(()=>_e(S))},$=l?.kind==="key"?t("signIn.wrong"):null;return r`
    <main class="sign-in">
      <form class="panel" onSubmit=${p}>
        <div class="body stack">
          <h1>${t("signIn.title")}</h1>
          ${e==="key"&&!l&&r`<${H} kind="warning">${t("signIn.ended")}<//>`}
          <p class="muted">${t("signIn.lead")}</p>
          <${Ne} label=${t("signIn.key")} value=${o} onValue=${s} error=${i??$} type="password" mono autofocus
            placeholder=${t("signIn.placeholder")} autocomplete="off" spellcheck=${!1} name="key" hint=${t("signIn.kept")} />
          ${l&&!$&&r`<${_} error=${l} />`}
          <${P} kind="primary" type="submit" busy=${a}>${t("signIn.action")}<//>
          <${te} />
        </div>
      </form>
    </main>`}function k(e){let o=null;return function(i){let[n,a]=d(()=>o),[l,c]=d(!1);return b(()=>{o||e().then(p=>{o=p,a(()=>p)},()=>c(!0))},[]),n?r`<${n} ...${i} />`:r`<div class="page">${l?r`<${H} kind="failed">${t("errors.page")}<//>`:r`<${W} lines=${6} />`}</div>`}}function oe(e){try{return new URL(e).host||e}catch{return e}}function q({status:e,disabled_reason:o,disabled_at:s,health:i,unreadable:n}){if(n)return null;let a=i?.last_failure?.meaning,l=i?.consecutive_failures??0;if(e==="disabled")return{rank:0,kind:o==="gone"?"gone":"failing",since:s,meaning:a,failures:l};if(e!=="active"||!i)return null;let{circuit:c,open_since:p,failing_since:$,next_probe_at:g}=i;return c==="open"?{rank:1,kind:"open",since:p??$,nextAt:g,meaning:a,failures:l}:c==="half_open"?{rank:2,kind:"half_open",since:p??$,meaning:a,failures:l}:l?{rank:3,kind:"counting",since:$,meaning:a,failures:l}:null}function tt(e){return e.map(s=>[s,q(s)]).filter(([,s])=>s).sort(([,s],[,i])=>s.rank-i.rank||String(s.since??"").localeCompare(String(i.since??"")))}var ot=(e,o)=>!o||(o==="failing"?q(e)!==null:e.status===o);var de=5;function rt({reading:e}){let{data:o,error:s,reload:i}=e,n=o&&tt(o.rows);return r`
    <div class="failing">
      <${D} title=${t("overview.failing")} flush>
        ${s&&r`<div class="body"><${_} error=${s} retry=${i} /></div>`}
        ${!o&&!s&&r`<div class="body"><${W} lines=${4} /></div>`}
        ${n?.length===0&&r`<div class="body muted">${Lt(o)}</div>`}
        ${n?.length>0&&r`<ul>${n.slice(0,de).map(([a,l])=>r`<${Ft} key=${a.id} webhook=${a} trouble=${l} />`)}</ul>`}
        ${n?.length>de&&r`<div class="more"><a href=${m("/webhooks",{status:"failing"})}>${t("overview.moreFailing",{count:n.length-de})}</a></div>`}
        ${n?.length>0&&!o.isAll&&r`<div class="more muted"><small>${t("overview.lookedAt",{count:h(o.rows.length)})}</small></div>`}
      <//>
    </div>`}var Lt=({rows:e,isAll:o})=>o?t("overview.allWell",{count:e.length}):t("overview.allWellOfMany",{count:h(e.length)}),Nt={gone:"disabled",failing:"disabled",open:"open",half_open:"half_open",counting:"retrying"},Ft=({webhook:{id:e,name:o,summary:s},trouble:{kind:i,since:n,meaning:a,nextAt:l,failures:c}})=>r`
  <li>
    <div class="line"><a class="ellipsis" href=${m(`/webhooks/${e}`)} title=${o}>${o}</a><${M} value=${Nt[i]} /></div>
    <p>${t(`overview.why.${i}`,{count:c})}</p>
    ${a&&r`<p class="muted meaning" title=${a}>${a}</p>`}
    <p class="muted facts-line">
      ${n&&r`<span>${t("overview.since")} <${I} at=${n} /></span>`}
      ${l&&r`<span>${t("overview.nextTry")} <${I} at=${l} relative /></span>`}
      ${s?.failed>0&&r`<a href=${m("/deliveries",{status:"failed",webhook_id:e})}>${t("overview.failedDeliveries",{count:s.failed})}</a>`}
    </p>
  </li>`;var he=e=>e===null?"–":Ie(e);function nt({range:e,reading:{data:o,error:s}}){let i=K(),n=z(()=>o&&ue(o.hours,e,i),[o,i]),a=!!(s&&!o);return r`
    <section class="panel totals" aria-label=${t("overview.figures")} aria-busy=${n||s?void 0:"true"}>
      <${L} isMissing=${a} name="delivered" value=${n&&h(n.delivered)} />
      <${L} isMissing=${a} name="failed" tone=${n?.failed?"failed":""} value=${n&&h(n.failed)} />
      <${L} isMissing=${a} name="skipped" value=${n&&h(n.skipped)} />
      <${L} isMissing=${a} name="successRate" hint=${t("overview.rateHint")} value=${n&&X(n.successRate)} />
      <${L} isMissing=${a} name="attempts" value=${n&&h(n.attempts)} more=${n&&t("overview.failedAttempts",{attempts:h(n.failedAttempts)})} />
      <${L} isMissing=${a} name="p50" hint=${t("overview.estimate")} value=${n&&he(n.p50)} />
      <${L} isMissing=${a} name="p95" hint=${t("overview.estimateTail")} value=${n&&he(n.p95)} />
    </section>`}function it({range:e,reading:{data:o,error:s}}){let[{step:i},n]=[J[e],K()],a=z(()=>o&&ue(o.hours,e,n),[o,n]),l=z(()=>o&&Ke(o.hours,e,n),[o,n]),c=qe(n);return s&&!o?null:r`
    <${D} title=${t(i==="hour"?"overview.perHour":"overview.perDay")}>
      ${l?r`<${Ue} buckets=${l} step=${i} total=${a} sync="overview" />`:r`<${st} />`}
    <//>
    <${D} title=${t(i==="hour"?"overview.latencyPerHour":"overview.latencyPerDay")}>
      ${l?r`<${Ht} buckets=${l} step=${i} total=${a} />`:r`<${st} />`}
      ${c>0&&r`<p class="muted"><small>${t("overview.halfHours",{zone:n,minutes:c})}</small></p>`}
    <//>`}var st=()=>r`<div class="chart-skeleton"><${W} lines=${4} /></div>`,L=({name:e,value:o,more:s,hint:i,isMissing:n,tone:a=""})=>r`
  <div class="figure" title=${i}>
    <span class="label">${t(`overview.${e}`)}${s&&r` · ${s}`}</span>
    <span class=${`value ${a}`}>${o??(n?"–":r`<span class="skeleton" />`)}</span>
  </div>`;function Ht({buckets:e,step:o,total:s}){let[i,n]=z(()=>[e.map(({at:a})=>a),["p50","p95"].map(a=>({name:a,title:a,dash:a==="p95",values:e.map(l=>l[a]),total:s[a]}))],[e]);return r`<${je} label=${t(o==="hour"?"overview.latencyPerHour":"overview.latencyPerDay")} kind="lines" step=${o} times=${i} series=${n}
    format=${he} empty=${t("overview.noAttempts")} sync="overview" />`}var zt={source:"OBD",bridge:91806828e4,from:91891952e4,to:91886713e4,status:"ANSWER",duration:"16"};function at({webhook:e}){let o=U("handOverReports",{body:{webhook_id:e?.id??"WEBHOOK_ID",...zt}}),s=u("webhooks:write");return r`
    <div class="wide">
      <${D} title=${t("overview.guide.title")}>
        <p class="muted">${t("overview.guide.lead")}</p>
        <ol class="guide">
          <${re} name="create" isDone=${!!e}>
            ${!e&&s&&r`<${O} kind="primary" icon="plus" href=${m("/webhooks/new")}>${t("overview.guide.create")}<//>`}
            ${!e&&!s&&r`<p class="muted">${t("overview.guide.askForWebhook")}</p>`}
            ${e&&r`<a class="anywhere" href=${m(`/webhooks/${e.id}`)}>${t("overview.guide.openWebhook",{name:e.name})}</a>`}
          <//>
          <${re} name="compose">
            ${e&&s&&r`<${O} href=${m(`/webhooks/${e.id}/compose`)}>${t("overview.guide.compose")}<//>`}
          <//>
          <${re} name="test">
            ${e&&s&&r`<${O} href=${m(`/webhooks/${e.id}/compose`)}>${t("overview.guide.test")}<//>`}
          <//>
          <${re} name="report" text=${t(e?"overview.guide.reportText":"overview.guide.reportTextNoWebhook")}>
            ${!u("reports:write")&&r`<p class="muted">${t("overview.guide.reportScope")}</p>`}
            <${Le} text=${o} name="curl" wrap />
          <//>
        </ol>
      <//>
    </div>`}var re=({name:e,text:o,isDone:s,children:i})=>r`
  <li class=${s?"done":""}>
    <h3>${t(`overview.guide.${e}`)}${s&&r` <span class="status delivered">${t("overview.guide.done")}</span>`}</h3>
    <p>${o??t(`overview.guide.${e}Text`)}</p>
    ${i}
  </li>`;function lt({reading:e}){let{data:o,error:s,loading:i,reload:n}=e,a={rows:o?.data,error:s,loading:i&&!o,hasMore:!1,reload:n};return r`
    <${D} title=${t("overview.lastReports")} actions=${r`<a href=${m("/reports")}>${t("overview.allReports")}</a>`} flush>
      <${ee} label=${t("overview.lastReports")} columns=${Gt()} pages=${a} linkOf=${ct} empty=${r`<${A} title=${t("overview.noReports")} />`} />
    <//>`}var ct=({id:e})=>m(`/reports/${e}`),Gt=()=>[{name:"received",title:t("overview.received"),cell:e=>r`<a href=${ct(e)}><${I} at=${e.received_at} /></a>`},{name:"from",title:t("overview.from"),cell:({from:e})=>r`<${$e} value=${e} />`},{name:"to",title:t("overview.to"),cell:({to:e})=>r`<${$e} value=${e} />`},{name:"call",title:t("overview.call"),cell:({source:e,call_status:o})=>[e,o].filter(Boolean).join(" · ")||"–"},{name:"status",title:t("overview.status"),cell:({status:e,reason:o})=>r`<${M} value=${o??e} />`},{name:"deliveries",title:t("overview.deliveries"),right:!0,cell:({deliveries:e})=>e.length}];var mt=({range:e,asOf:o})=>r`
  ${o&&r`<span class="as-of">${t("overview.asOf",{time:""})}<${I} at=${new Date(o).toISOString()} /></span>`}
  <nav class="segments" aria-label=${t("overview.range")}>
    ${Object.keys(J).map((s,i)=>r`
      <a key=${s} href=${m("/",{range:i?s:void 0})} aria-current=${s===e?"true":void 0}>${t(`overview.ranges.${s}`)}</a>`)}
  </nav>`;var ve=3e4,Kt=100,qt=10,pt=(e,o)=>Z(async s=>{let{data:i}=await v("readAccountFigures",{query:{from:Ge(e)},signal:s});return o(Date.now()),{range:e,hours:i}},[e],{every:ve}),ut=()=>Z(e=>v("searchReports",{query:{limit:10},signal:e}),[],{every:ve});function $t(){let[e,o]=d(1);return Z(async s=>{if(!u("webhooks:read"))return{rows:[],isAll:!0};let i=[],n,a=0;do{let l=await v("listWebhooks",{query:{include:"summary",limit:Kt,cursor:n},signal:s});i.push(...l.data),n=l.next_cursor,a+=1}while(n&&a<qt);return o(a),{rows:i,isAll:!n}},[],{every:ve*e})}function jt(){return G()?C()?`/webhooks/${C()}`:u("webhooks:read")?"/webhooks":"/account":N()?"/accounts":"/keys"}function ft(){let e=!!G()&&u("deliveries:read")&&!C();return b(()=>{e||x(jt(),{},{replace:!0})},[]),e?r`<${Ut} />`:r`<${R} title=${t("overview.title")} />`}function Ut(){let e=ze(Y().range),[o,s]=d(null),i=pt(e,s),n=i.data?.range===e?i:{...i,data:void 0},a=$t(),l=ut(),c=l.data?.data.length===0&&(!u("webhooks:read")||a.data!==void 0),p=a.data?.rows.length===0,$=u("webhooks:read")&&!p;return r`
    <${R} title=${t("overview.title")} actions=${!c&&r`<${mt} range=${e} asOf=${o} />`}>
      <div class="overview">
        ${(c||p)&&r`<${at} webhook=${a.data?.rows.find(({unreadable:g})=>!g)} />`}
        ${n.error&&r`<div class="wide"><${_} error=${n.error} retry=${n.reload} /></div>`}
        ${!c&&r`
          <${nt} range=${e} reading=${n} />
          ${$&&r`<${rt} reading=${a} />`}
          <div class=${$?"main":"main wide"}><${it} range=${e} reading=${n} /><${lt} reading=${l} /></div>`}
      </div>
    <//>`}var[dt,ht,ge]=[4,3,20];function vt({delivered:e,failed:o,label:s}){let i=Math.max(...e.map((c,p)=>c+o[p]),1),n=c=>c?Math.max(c/i*(ge-3),2):0,a=e.map((c,p)=>({x:p*dt,below:n(c),above:n(o[p])})),l=(c,p)=>a.filter($=>p($)).map($=>`M${$.x} ${ge-c($)}h${ht}v${-p($)}h${-ht}z`).join("");return r`
    <svg class="spark" viewBox=${`0 0 ${e.length*dt} ${ge}`} preserveAspectRatio="none" role="img" aria-label=${s}><title>${s}</title>
      <path class="base" d=${l(()=>0,()=>1)} />
      <path class="delivered" d=${l(()=>0,({below:c})=>c)} />
      <path class="failed" d=${l(({below:c})=>c,({above:c})=>c)} />
    </svg>`}var se=()=>r`<span class="muted">–</span>`;function kt(e){let o=u("deliveries:read");return[{name:"name",title:t("webhooks.name"),sort:({name:s})=>s?.toLowerCase(),cell:s=>r`<${Qt} row=${s} />`},{name:"status",title:t("webhooks.status"),sort:Vt,cell:s=>r`<${Yt} row=${s} />`},o&&{name:"rate",title:t("webhooks.rate"),sort:({summary:s})=>s&&pe(s),cell:({summary:s})=>r`<${Zt} of=${s} />`},o&&{name:"deliveries",title:t("webhooks.deliveries"),right:!0,sort:gt,cell:s=>s.summary?h(gt(s)):se()},{name:"failure",title:t("webhooks.lastFailure"),sort:({health:s})=>s?.last_failure?.at,cell:({health:s})=>r`<${Jt} of=${s?.last_failure} />`},{name:"id",title:t("webhooks.id"),cell:({id:s,name:i})=>r`<${Qe} value=${s} what=${t("webhooks.copyId",{name:i??s})} />`},u("webhooks:write")&&{name:"actions",title:t("webhooks.actions"),right:!0,cell:s=>r`<${Xt} row=${s} ...${e} />`}].filter(Boolean)}var gt=({summary:e})=>e&&e.delivered+e.failed,Vt=e=>q(e)?.rank??(e.status==="active"?4:5),Qt=({row:{id:e,name:o,url:s,unreadable:i}})=>i?r`<span class="name unreadable">${t("webhooks.unreadable")}</span>`:r`<span class="name"><a class="ellipsis" href=${m(`/webhooks/${e}`)} title=${o}>${o}</a><span class="ellipsis host" title=${s}>${oe(s)}</span></span>`;function Yt({row:e}){if(e.unreadable)return se();let o=q(e),s=e.status==="active"&&e.health?.circuit!=="closed"&&e.health?.circuit;return r`
    <span class="state">
      <${M} value=${e.status} />
      ${s&&r`<${M} value=${s} />`}
      ${o?.kind==="counting"&&r`<span class="host">${t("webhooks.failuresInRow",{count:o.failures})}</span>`}
    </span>`}var Zt=({of:e})=>e?r`<span class="rate"><span class="share">${X(pe(e))}</span>
      <${vt} delivered=${e.hourly.delivered} failed=${e.hourly.failed}
        label=${t("webhooks.spark",{delivered:h(e.delivered),failed:h(e.failed)})} /></span>`:se(),Jt=({of:e})=>e?r`<span class="failure" title=${e.meaning}><span class="ellipsis">${e.meaning}</span><span class="host"><${I} at=${e.at} /></span></span>`:se();function Xt({row:e,onToggle:o,onDelete:s,busy:i}){if(e.unreadable)return null;let{name:n,status:a}=e,l=a==="active";return r`
    <span class="row-actions">
      <${F} icon=${l?"pause":"play"} kind="small" disabled=${i===e.id} label=${t(l?"webhooks.pauseOf":"webhooks.activateOf",{name:n})} onClick=${()=>o(e)} />
      <${F} icon="trash" kind="small" disabled=${i===e.id} label=${t("webhooks.deleteOf",{name:n})} onClick=${()=>s(e)} />
    </span>`}function wt({webhook:e,onDelete:o,onClose:s}){let i=async()=>{await o(e),s()};return r`
    <${Ye} title=${t("webhooks.confirmDelete",{name:e.name})} action=${t("webhooks.confirmDeleteAction")} onConfirm=${i} onClose=${s}>
      <p class="anywhere">${t("webhooks.confirmDeleteText",{host:oe(e.url)})}</p>
      <p>${t("webhooks.confirmDeleteNext",{days:G()?.retention_days??30})}</p>
      ${e.status==="active"&&r`<p class="muted">${t("webhooks.confirmDeletePause")}</p>`}
    <//>`}function bt({of:{action:e,before:o,now:s},onRepeat:i,onClose:n}){let{name:a}=o,l=s&&(e==="remove"||s.status===o.status),c=e==="remove"?"delete":o.status==="active"?"pause":"activate",p=r`
    <span class="buttons">
      ${l&&r`<${P} kind="small" onClick=${()=>i(e,s)}>${c==="delete"?t("webhooks.deleteOf",{name:a}):t(`webhooks.${c}`)}<//>`}
      <${P} kind="small" onClick=${n}>${t("common.close")}<//>
    </span>`;return r`<${H} kind="warning" action=${p}><span role="alert">${s?eo(o,s):t("webhooks.gone",{name:a})}</span><//>`}var eo=(e,o)=>t("webhooks.changed",{name:e.name,before:e.version,statusBefore:t(`status.${e.status}`),now:o.version,statusNow:t(`status.${o.status}`)});function yt(e,o){return e?.filter(({id:s})=>o[s]!==null).map(s=>{let i=o[s.id];return!i||s.unreadable||i.version<=s.version?s:{...i,summary:s.summary}})}var to=3e4;function xt(e){let[o,s]=d({}),[i,n]=d(null),[a,l]=d(null),c=u("deliveries:read")?"summary":void 0,p=Fe((f,w)=>v("listWebhooks",{query:{include:c,name:e,cursor:f},signal:w}),[e],{every:to}),$=(f,w)=>s(E=>({...E,[f]:w}));async function g(f,w,E){n(null);try{await E()}catch(ie){if(ie.kind!=="precondition"&&ie.kind!=="not-found")throw ie;let we=await oo(w.id);$(w.id,we),n({action:f,before:w,now:we})}}async function S(f){let w=f.status==="active";l(f.id);try{await g("toggle",f,async()=>{let E=await v("changeWebhook",{params:{id:f.id},body:{status:w?"inactive":"active"},version:f.version});$(f.id,E),le(t(w?"webhooks.paused":"webhooks.activated",{name:f.name}))})}catch(E){We(`${t("webhooks.failed",{name:f.name})} ${Be(E)}`,()=>S(f))}finally{l(null)}}let B=f=>g("remove",f,async()=>{await v("deleteWebhook",{params:{id:f.id},version:f.version}),$(f.id,null),le(t("webhooks.deleted",{name:f.name}))});return{pages:{...p,rows:yt(p.rows,o)},conflict:i,busy:a,toggle:S,remove:B,closeConflict:()=>n(null)}}async function oo(e){try{return await v("readWebhook",{params:{id:e}})}catch(o){if(o.kind==="not-found")return null;throw o}}function Ot(){let{name:e,status:o}=Y(),s=xt(e),[i,n]=d(null),{pages:a,conflict:l}=s,c=a.rows?.filter(S=>ot(S,o)),p=u("webhooks:write")&&!C(),$=(S,B)=>{s.closeConflict(),S==="remove"?n(B):s.toggle(B)},g=p&&r`<${O} kind="primary" icon="plus" href=${m("/webhooks/new")}>${t("webhooks.create")}<//>`;return r`
    <${R} title=${t("webhooks.title")} actions=${g}>
      ${l&&r`<${bt} of=${l} onRepeat=${$} onClose=${s.closeConflict} />`}
      <${Ve} label=${t("webhooks.filters")} fields=${so()} />
      ${o&&a.rows&&r`<p class="list-hint muted">${t("webhooks.statusHint",{count:a.rows.length})}
        ${a.hasMore&&r` <${P} kind="small" busy=${a.loading} onClick=${a.more}>${t("webhooks.statusHintMore")}<//>`}</p>`}
      <div class="panel webhooks">
        <${ee} label=${t("webhooks.title")} columns=${kt({onToggle:s.toggle,onDelete:n,busy:s.busy})}
          pages=${{...a,rows:c}} linkOf=${ro} empty=${r`<${no} isFiltered=${!!(e||o)} create=${g} />`} />
      </div>
      <p class="list-hint muted">${t("webhooks.idHint")}</p>
      ${i&&r`<${wt} webhook=${i} onDelete=${s.remove} onClose=${()=>n(null)} />`}
    <//>`}var ro=({id:e,unreadable:o})=>o?void 0:m(`/webhooks/${e}`),so=()=>[{name:"name",label:t("webhooks.name"),placeholder:t("webhooks.namePlaceholder"),maxLength:100,type:"search"},{name:"status",label:t("webhooks.status"),options:["active","inactive","disabled","failing"].map(e=>[e,t(`webhooks.statuses.${e}`)])}],no=({isFiltered:e,create:o})=>e?r`<${A} title=${t("webhooks.noMatch")} text=${t("webhooks.noMatchText")} />`:r`<${A} title=${t("webhooks.none")} text=${t("webhooks.noneText")} action=${o}
      curl=${o?U("createWebhook",{body:{name:"CRM",url:"https://crm.example.com/calls"}}):void 0} />`;var ke=()=>import("./administration-DRKMP64D.js"),io=()=>import("./compose-OETTN4O6.js"),ne=()=>import("./lookup-R3JVYNXL.js"),Ct=()=>import("./webhook-UPAPEX35.js"),St=k(async()=>(await ke()).Account),ao=k(async()=>(await ke()).Accounts),Tt=k(async()=>(await io()).Compose),lo=k(async()=>(await ne()).Deliveries),co=k(async()=>(await ne()).Delivery),mo=k(async()=>(await ke()).Keys),po=k(async()=>(await Ct()).Replay),uo=k(async()=>(await ne()).Report),$o=k(async()=>(await ne()).Reports),fo=k(async()=>(await Ct()).Webhook),ho=[["/",ft,"overview"],["/webhooks",Ot,"webhooks"],["/webhooks/new",Tt,"webhooks"],["/webhooks/:id",fo,"webhooks"],["/webhooks/:id/compose",Tt,"webhooks"],["/webhooks/:webhookId/replays/:id",po,"webhooks"],["/reports",$o,"reports"],["/reports/:id",uo,"reports"],["/deliveries",lo,"deliveries"],["/deliveries/:id",co,"deliveries"],["/keys",mo,"keys"],["/account",St,"account"],["/accounts",ao,"accounts"],["/accounts/:id",St,"accounts"]];function At(e){for(let[o,s,i]of ho){let n=Re(o,e);if(n)return{page:s,params:n,name:i}}return null}var Rt={o:"/",w:"/webhooks",r:"/reports",d:"/deliveries",k:"/keys",a:"/account"},Dt=e=>e.closest?.("input, textarea, select, [contenteditable]");function It(){let e=0;document.addEventListener("keydown",o=>{if(!(o.ctrlKey||o.metaKey||o.altKey||document.querySelector("dialog[open]"))){if(o.key==="Escape"&&Dt(o.target))return void o.target.blur();if(!Dt(o.target))if(o.key==="/"){let s=document.querySelector('[data-shortcut="/"]');if(!s)return;o.preventDefault(),s.focus()}else o.key==="g"?e=Date.now():Date.now()-e<1e3&&Object.hasOwn(Rt,o.key)&&(e=0,x(Rt[o.key]))}})}var vo=["keys","accounts",null];function go(){let{who:e,accountId:o}=y(T),{path:s}=y(Q);if(y(V),!e)return r`<${be}><${et} /><${me} /><//>`;let{page:i,params:n,name:a}=At(s)??{page:Xe,params:{},name:null},l=e.account||vo.includes(a)?i:Je;return r`<${Ze} current=${a}><${l} key=${`${o} ${s}`} ...${n} /><//><${me} />`}var ko=e=>e.kind==="not-found"||e.problem?.type==="urn:callhook:problem:account-erasing";function wo({found:e}){let[o,s]=d({done:!e,error:null}),i=async()=>{s({done:!1,error:null});try{let n=Oe(),a=await v("readKey",{as:e,actFor:n}).catch(l=>{if(!n||!ko(l))throw l;return null});Se(e,a??await v("readKey",{as:e}),a?n:null),s({done:!0,error:null})}catch(n){let a=n.kind==="key"||n.status===403;a&&(T.set({...T.get(),key:e}),j("key")),s({done:a,error:a?null:n})}};return b(()=>{e&&i()},[]),o.done?r`<${go} />`:r`<main class="page">${o.error?r`<${_} error=${o.error} retry=${i} />`:r`<${W} lines=${6} />`}</main>`}Pe();var bo=xe(location,history);Ae();It();location.hash||x("/",{},{replace:!0});Ce().then(()=>ye(r`<${wo} found=${bo} />`,document.getElementById("app")));
