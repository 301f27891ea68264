import{a as H,b as J}from"./chunk-PA2AYGXF.js";import{a as _,c as D}from"./chunk-JC5M4NEM.js";import{A as L,B as l,E as F,G as R,R as b,S as M,V as W,c as N,y as S,z as n}from"./chunk-UXRR2B4M.js";import{c as A,d as g,e as w,g as z,l as K}from"./chunk-4U7JGEWF.js";var $e=["get","post","put","patch","delete"];function $(e,t){return t?.$ref?t.$ref.slice(2).split("/").reduce((r,o)=>r?.[o.replaceAll("~1","/").replaceAll("~0","~")],e):t}var y=e=>e?.$ref?.split("/").at(-1),j=({name:e,in:t})=>t==="header"&&e==="X-Account-Id",ue=e=>[...e.filter(t=>!j(t)),...e.filter(j)];function he(e){return Object.entries(e.paths).flatMap(([t,r])=>$e.filter(o=>r[o]).map(o=>{let s=r[o],i=s.security??e.security??[];return{id:s.operationId,method:o.toUpperCase(),path:t,summary:s.summary,description:s.description,tag:s.tags?.[0]??"",needsKey:i.length>0,scopes:i.flatMap(a=>Object.values(a).flat()),parameters:ue([...r.parameters??[],...s.parameters??[]].map(a=>$(e,a))),body:$(e,s.requestBody),answers:Object.entries(s.responses).map(([a,p])=>({status:a,...$(e,p)}))}}))}function U(e){let t=he(e),r=[...e.tags??[]];return t.forEach(({tag:o})=>r.some(({name:s})=>s===o)||r.push({name:o})),r.map(o=>({...o,operations:t.filter(s=>s.tag===o.name)})).filter(({operations:o})=>o.length)}function X(e,t){let r=t.toLowerCase().split(/\s+/).filter(Boolean);return e.filter(({id:o,method:s,path:i,summary:a="",tag:p})=>{let d=`${o} ${s} ${i} ${a} ${p}`.toLowerCase();return r.every(m=>d.includes(m))})}var Y=e=>e.type==="null";function C(e){if(e.oneOf)return{variants:e.oneOf.filter(o=>!Y(o)),nullable:e.oneOf.some(Y)};let t=[e.type??[]].flat(),r=t.filter(o=>o!=="null");return{variants:[{...e,type:r.length>1?r:r[0]}],nullable:r.length<t.length}}function O(e,t){let{variants:r,nullable:o}=C(t??{}),s=r.map(i=>{if(y(i))return y(i);if(i.type==="array")return`array of ${O(e,i.items??{})}`;let a=[i.type??(i.properties?"object":"any")].flat().join(" or ");return i.format?`${a} (${i.format})`:a});return[...new Set(s),...o?["null"]:[]].join(" or ")}var T=(e,t,r)=>e===void 0&&t===void 0?null:e===void 0?`at most ${t}${r}`:t===void 0?`at least ${e}${r}`:e===t?`exactly ${e}${r}`:`${e} to ${t}${r}`,ge=e=>e&&!e.includes("\\x");function V(e){return[T(e.minimum,e.maximum,""),T(e.minLength,e.maxLength," characters"),T(e.minItems,e.maxItems," items"),T(e.minProperties,e.maxProperties," fields"),e.default!==void 0&&`default ${JSON.stringify(e.default)}`,ge(e.pattern)&&`matches ${e.pattern}`].filter(Boolean)}function E(e,t){let r=$(e,t);return r?.type==="array"&&r.items?E(e,r.items):r?.properties||typeof r?.additionalProperties=="object"?r:null}function x(e){let[t,r]=Object.entries(e?.content??{})[0]??[];return t?{type:t,...r}:null}var q=e=>e?.example??e?.schema?.example??Object.values(e?.examples??{})[0]?.value;function G(e){return e.split(/(`[^`]+`)/).filter(Boolean).map(t=>/^`[^`]+`$/.test(t)?{code:t.slice(1,-1)}:{text:t})}var Q='-H "Authorization: Bearer $KEY"',Z="-H 'content-type: application/json'",ye=72;function ee(e,t){let r=t.replace(/ies$/,"y").replace(/s$/,"").replaceAll("-","_");return`$${(e==="id"?`${r}_id`:e).toUpperCase()}`}var te=e=>e.replace(/([\w-]+)\/\{(\w+)\}/g,(t,r,o)=>`${r}/${ee(o,r)}`),re=e=>e.includes("$")?`"${e}"`:S(e);function oe(e){let t=JSON.stringify(e);return t.length>ye?JSON.stringify(e,null,2):t}var ne=e=>e.filter(Boolean).join(` \\
  `);function se(e,t){let o=e.parameters.filter(a=>a.in==="query"&&a.required).map(({name:a})=>`${a}=${ee(a,"")}`).join("&"),s=e.method==="GET"?"":` -X ${e.method}`,i=q(x(e.body));return ne([`curl -sS${s} ${re(`${t}${te(e.path)}${o&&`?${o}`}`)}`,e.needsKey&&Q,i!==void 0&&`${Z} \\
  -d ${S(oe(i))}`])}var xe=[["webhook","/v1/webhooks",{name:"CRM",url:"https://receiver.example.com/reports"}],["test","/v1/webhooks/{id}/test",{sample:"OBD"}],["report","/v1/reports",{webhook_id:"$WEBHOOK_ID",source:"OBD",bridge:91806828e4,from:91891952e4,to:91886713e4,status:"ANSWER",duration:"23"}]],ae=e=>xe.map(([t,r,o])=>{let s=S(oe(o)).replace(/\$(\w+)/g,`'"$&"'`);return{name:t,curl:ne([`curl -sS -X POST ${re(`${e}${te(r)}`)}`,Q,`${Z} \\
  -d ${s}`])}});var ie=({base:e})=>n`
  <section class="first-steps" id="first-steps" aria-labelledby="first-steps-title">
    <h2 id="first-steps-title">${l("reference.steps.title")}</h2>
    <ol>${ae(e).map(({name:t,curl:r})=>n`
      <li key=${t}><h3>${l(`reference.steps.${t}`)}</h3><p class="muted">${l(`reference.steps.${t}Text`)}</p><${b} text=${r} name="curl" wrap /></li>`)}</ol>
  </section>`;var u=({of:e})=>G(e??"").map(({code:t,text:r})=>t===void 0?r:n`<code>${t}</code>`);function I({document:e,schema:t}){let{variants:r}=C($(e,t)??{});return r.length>1?r.map(o=>n`
      <${B} summary=${n`<span class="type">${O(e,o)}</span>`}><${pe} document=${e} schema=${o} /><//>`):n`<${pe} document=${e} schema=${t.oneOf?r[0]:t} />`}function pe({document:e,schema:t}){let r=E(e,t);if(r)return n`<${ve} document=${e} schema=${r} />`;let o=$(e,t)??{};return n`<p class="meta"><span class="type">${O(e,o)}</span> <${le} schema=${o} /></p>`}function ve({document:e,schema:t}){let r=new Set(t.required??[]),{additionalProperties:o}=t;return n`
    <ul class="fields">
      ${Object.entries(t.properties??{}).map(([s,i])=>n`
        <${k} key=${s} document=${e} name=${s} schema=${i} required=${r.has(s)} />`)}
      ${typeof o=="object"&&n`<${k} document=${e} name=${l("reference.anyName")} schema=${o} />`}
    </ul>`}function k({document:e,name:t,schema:r={},required:o,description:s,place:i}){let a=$(e,r)??{},{variants:p}=C(a),d=p.filter(f=>E(e,f)),m=p.length===1?$(e,p[0]):a,h=s??r.description??a.description??m.description,v=a.enum??m.enum??$(e,m.items)?.enum;return n`
    <li>
      <p class="meta">
        <code class="name">${t}</code> <span class="type">${O(e,y(r)?r:a)}</span>
        ${i&&n` <span class="place">${i}</span>`}
        ${o&&n` <span class="chip">${l("reference.required")}</span>`} <${le} schema=${m} />
      </p>
      ${h&&n`<p><${u} of=${h} /></p>`}
      ${v&&n`<p class="values">${v.map(f=>n`<code>${f===null?"null":String(f)}</code> `)}</p>`}
      ${d.map(f=>n`
        <${B} summary=${l("reference.fieldsOf",{name:y(f)??y(f.items)??y(r)??t})}>
          <${I} document=${e} schema=${f} />
        <//>`)}
    </li>`}var le=({schema:e})=>V(e).map(t=>n`<span class="limit">${t}</span> `);function B({summary:e,children:t,open:r=!1}){let[o,s]=g(r);return n`
    <details class="folded" open=${o} onToggle=${i=>s(i.currentTarget.open)}>
      <summary>${e}</summary>
      ${o&&n`<div class="inside">${t}</div>`}
    </details>`}function ce({document:e,operation:t,base:r}){let{id:o,method:s,path:i,summary:a,description:p,parameters:d,body:m,answers:h}=t,v=x(m),f=h.find(({status:c})=>c.startsWith("2")),P=q(x(f));return n`
    <article class="operation" id=${o} aria-labelledby=${`${o}-title`}>
      <div class="told">
        <h3 id=${`${o}-title`}><a href=${`#${o}`}>${a??o}</a></h3>
        <p class="route"><span class=${`method ${s.toLowerCase()}`}>${s}</span> <code>${i}</code></p>
        <p class="muted"><${we} operation=${t} /></p>
        ${p&&n`<p><${u} of=${p} /></p>`}
        ${d.length>0&&n`
          <h4>${l("reference.parameters")}</h4>
          <ul class="fields">${d.map(c=>n`
            <${k} key=${`${c.in} ${c.name}`} document=${e} name=${c.name} schema=${c.schema} required=${c.required}
              description=${c.description} place=${l(j(c)?"reference.in.platform":`reference.in.${c.in}`)} />`)}</ul>`}
        ${v&&n`<h4>${l("reference.body")}</h4><${I} document=${e} schema=${v.schema} />`}
        <h4>${l("reference.answers")}</h4>
        ${h.map(c=>n`<${be} key=${c.status} document=${e} answer=${c} />`)}
      </div>
      <div class="shown">
        <${b} text=${se(t,r)} name=${l("reference.request")} wrap />
        ${P!==void 0&&n`<${b} text=${N(P)} name=${`${l("reference.answer")} ${f.status}`} />`}
      </div>
    </article>`}function we({operation:{needsKey:e,scopes:t}}){return e?t.length?n`${l("reference.scope")} ${t.map(r=>n`<code>${r}</code> `)}`:l("reference.anyKey"):l("reference.noKey")}function be({document:e,answer:t}){let r={2:"delivered",3:"skipped"}[t.status[0]]??"failed square",o=x(t),s=Object.entries(t.headers??{}),i=n`<span class=${`status ${r}`}>${t.status}</span> <${u} of=${t.description} />`;return n`
    <${B} summary=${i}>
      ${s.length>0&&n`<ul class="fields">${s.map(([a,p])=>n`
        <${k} key=${a} document=${e} name=${a} schema=${p.schema} description=${p.description} place=${l("reference.in.header")} />`)}</ul>`}
      ${o&&n`<p class="muted">${o.type}</p><${I} document=${e} schema=${o.schema} />`}
    <//>`}var de=new URL(".",location.href).href.replace(/\/$/,"");function fe({document:e}){K(_);let t=z(()=>U(e),[e]),[r,o]=g(""),[s,i]=g(!1),a=ke(t);return w(()=>{globalThis.document.getElementById(location.hash.slice(1))?.scrollIntoView()},[t]),n`
    <div class="reference">
      <a class="skip button" href="#content">${l("nav.skip")}</a>
      <header class="top">
        <a class="name" href="#content">${l("reference.title")}</a>
        <button type="button" class="button small list-toggle" aria-expanded=${s} aria-controls="operations" onClick=${()=>i(!s)}>${l("reference.list")}</button>
        <span class="links"><a href="openapi.json">openapi.json</a><a href="console/">${l("reference.console")}</a></span>
        <${H} />
      </header>
      <nav class=${`operations ${s?"open":""}`} id="operations" aria-label=${l("reference.list")}>
        <input class="input" type="search" value=${r} placeholder=${l("reference.search")} aria-label=${l("reference.search")} onInput=${p=>o(p.currentTarget.value)} />
        ${!r&&n`<ul class="first"><li><a href="#first-steps" onClick=${()=>i(!1)}><span>${l("reference.steps.title")}</span></a></li></ul>`}
        ${t.map(p=>n`<${Oe} key=${p.name} group=${p} text=${r} current=${a} onChosen=${()=>i(!1)} />`)}
      </nav>
      <main id="content" tabindex="-1">
        <section class="about">
          <h1>${e.info.title} API <span class="muted">${e.info.version}</span></h1>
          <p><${u} of=${e.info.description} /></p>
          ${Object.values(e.components?.securitySchemes??{}).map(({description:p})=>n`<p><${u} of=${p} /></p>`)}
        </section>
        <${ie} base=${de} />
        ${t.map(({name:p,description:d,operations:m})=>n`
          <section key=${p} aria-labelledby=${`tag-${p}`}>
            <h2 id=${`tag-${p}`}>${p}</h2>
            <p class="muted"><${u} of=${d} /></p>
            ${m.map(h=>n`<${ce} key=${h.id} document=${e} operation=${h} base=${de} />`)}
          </section>`)}
      </main>
    </div>
    <${J} />`}function Oe({group:e,text:t,current:r,onChosen:o}){let s=X(e.operations,t);return s.length?n`
    <h2>${e.name}</h2>
    <ul>${s.map(({id:i,method:a,path:p,summary:d})=>n`
      <li key=${i}><a href=${`#${i}`} title=${`${a} ${p}`} aria-current=${i===r?"true":void 0} onClick=${o}>
        <span class=${`method ${a.toLowerCase()}`}>${a}</span><span>${d??p}</span></a></li>`)}</ul>`:null}function ke(e){let[t,r]=g(location.hash.slice(1));return w(()=>{let o=new Set,s=e.flatMap(({operations:a})=>a.map(({id:p})=>p)),i=new IntersectionObserver(a=>{a.forEach(({target:p,isIntersecting:d})=>d?o.add(p.id):o.delete(p.id)),r(s.find(p=>o.has(p)))},{rootMargin:"-56px 0px -60% 0px"});return s.forEach(a=>i.observe(document.getElementById(a))),()=>i.disconnect()},[e]),t}var me={reference:{title:"Callhook API",list:"Operations",search:"Find an operation",console:"Console",failed:"The API document cannot be read. Check your connection, then try again.",parameters:"Parameters",body:"Body",answers:"Responses",request:"Request",answer:"Response",required:"required",in:{path:"in the path",query:"in the query",header:"header",platform:"header, platform keys only",cookie:"cookie"},anyName:"(any name)",fieldsOf:"Fields of {name}",noKey:"Takes no key.",anyKey:"Any key may call it.",scope:"Scope:",steps:{title:"First steps",webhook:"Create a webhook",webhookText:"Set KEY to your API key. The answer has the webhook’s id, and its signing secret this once: keep both. Set WEBHOOK_ID to the id.",test:"Send a test",testText:"Sends one signed request with a sample report now, and answers what the receiver answered.",report:"Hand over a report",reportText:"Callhook answers with the report’s id at once and delivers the report to the webhook."}}};L(me);function Se(){let[e,t]=g({document:null,failed:!1}),r=async()=>{t({document:null,failed:!1});try{let s=await fetch("openapi.json",{credentials:"omit"});if(!s.ok)throw new Error(`the document was answered with ${s.status}`);t({document:await s.json(),failed:!1})}catch{t({document:null,failed:!0})}};if(w(()=>{r()},[]),e.document)return n`<${fe} document=${e.document} />`;let o=n`<${R} kind="small" onClick=${r}>${l("common.retry")}<//>`;return n`<main class="page">${e.failed?n`<${M} kind="failed" action=${o}>${l("reference.failed")}<//>`:n`<${W} lines=${8} />`}</main>`}D();F().then(()=>A(n`<${Se} />`,document.getElementById("app")));
