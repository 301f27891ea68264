import{a as J,b as D}from"./chunk-Y72MNBMR.js";import{a as M,c as H}from"./chunk-34IFLDHA.js";import{A as P,B as l,E as F,G as K,P as E,Q as R,T as U,c as B,y as C,z as o}from"./chunk-3Z2XWQ2C.js";import{c as L,d as g,e as v,g as N,l as A}from"./chunk-4U7JGEWF.js";var ne=["get","post","put","patch","delete"];function $(e,t){return t?.$ref?t.$ref.slice(2).split("/").reduce((r,n)=>r?.[n.replaceAll("~1","/").replaceAll("~0","~")],e):t}var y=e=>e?.$ref?.split("/").at(-1);function oe(e){return Object.entries(e.paths).flatMap(([t,r])=>ne.filter(n=>r[n]).map(n=>{let a=r[n],i=a.security??e.security??[];return{id:a.operationId,method:n.toUpperCase(),path:t,summary:a.summary,description:a.description,tag:a.tags?.[0]??"",needsKey:i.length>0,scopes:i.flatMap(p=>Object.values(p).flat()),parameters:[...r.parameters??[],...a.parameters??[]].map(p=>$(e,p)),body:$(e,a.requestBody),answers:Object.entries(a.responses).map(([p,s])=>({status:p,...$(e,s)}))}}))}function G(e){let t=oe(e),r=[...e.tags??[]];return t.forEach(({tag:n})=>r.some(({name:a})=>a===n)||r.push({name:n})),r.map(n=>({...n,operations:t.filter(a=>a.tag===n.name)})).filter(({operations:n})=>n.length)}function W(e,t){let r=t.toLowerCase().split(/\s+/).filter(Boolean);return e.filter(({id:n,method:a,path:i,summary:p="",tag:s})=>{let c=`${n} ${a} ${i} ${p} ${s}`.toLowerCase();return r.every(m=>c.includes(m))})}var V=e=>e.type==="null";function j(e){if(e.oneOf)return{variants:e.oneOf.filter(n=>!V(n)),nullable:e.oneOf.some(V)};let t=[e.type??[]].flat(),r=t.filter(n=>n!=="null");return{variants:[{...e,type:r.length>1?r:r[0]}],nullable:r.length<t.length}}function b(e,t){let{variants:r,nullable:n}=j(t??{}),a=r.map(i=>{if(y(i))return y(i);if(i.type==="array")return`array of ${b(e,i.items??{})}`;let p=[i.type??(i.properties?"object":"any")].flat().join(" or ");return i.format?`${p} (${i.format})`:p});return[...new Set(a),...n?["null"]:[]].join(" or ")}var k=(e,t,r)=>e===void 0&&t===void 0?null:e===void 0?`at most ${t}${r}`:t===void 0?`at least ${e}${r}`:e===t?`exactly ${e}${r}`:`${e} to ${t}${r}`,ae=e=>e&&!e.includes("\\x");function X(e){return[k(e.minimum,e.maximum,""),k(e.minLength,e.maxLength," characters"),k(e.minItems,e.maxItems," items"),k(e.minProperties,e.maxProperties," fields"),e.default!==void 0&&`default ${JSON.stringify(e.default)}`,ae(e.pattern)&&`matches ${e.pattern}`].filter(Boolean)}function q(e,t){let r=$(e,t);return r?.type==="array"&&r.items?q(e,r.items):r?.properties||typeof r?.additionalProperties=="object"?r:null}function w(e){let[t,r]=Object.entries(e?.content??{})[0]??[];return t?{type:t,...r}:null}var I=e=>e?.example??e?.schema?.example??Object.values(e?.examples??{})[0]?.value;function Y(e,t){let n=e.parameters.filter(s=>s.in==="query"&&s.required).map(({name:s})=>`${s}={${s}}`).join("&"),i=[`curl -sS${e.method==="GET"?"":` -X ${e.method}`} ${C(`${t}${e.path}${n&&`?${n}`}`)}`];e.needsKey&&i.push('-H "Authorization: Bearer $KEY"');let p=I(w(e.body));return p!==void 0&&i.push(`-H 'content-type: application/json' -d ${C(JSON.stringify(p))}`),i.join(` \\
  `)}function Q(e){return e.split(/(`[^`]+`)/).filter(Boolean).map(t=>/^`[^`]+`$/.test(t)?{code:t.slice(1,-1)}:{text:t})}var u=({of:e})=>Q(e??"").map(({code:t,text:r})=>t===void 0?r:o`<code>${t}</code>`);function S({document:e,schema:t}){let{variants:r}=j($(e,t)??{});return r.length>1?r.map(n=>o`
      <${T} summary=${o`<span class="type">${b(e,n)}</span>`}><${Z} document=${e} schema=${n} /><//>`):o`<${Z} document=${e} schema=${t.oneOf?r[0]:t} />`}function Z({document:e,schema:t}){let r=q(e,t);if(r)return o`<${se} document=${e} schema=${r} />`;let n=$(e,t)??{};return o`<p class="meta"><span class="type">${b(e,n)}</span> <${_} schema=${n} /></p>`}function se({document:e,schema:t}){let r=new Set(t.required??[]),{additionalProperties:n}=t;return o`
    <ul class="fields">
      ${Object.entries(t.properties??{}).map(([a,i])=>o`
        <${O} key=${a} document=${e} name=${a} schema=${i} required=${r.has(a)} />`)}
      ${typeof n=="object"&&o`<${O} document=${e} name=${l("reference.anyName")} schema=${n} />`}
    </ul>`}function O({document:e,name:t,schema:r={},required:n,description:a,place:i}){let p=$(e,r)??{},{variants:s}=j(p),c=s.filter(f=>q(e,f)),m=s.length===1?$(e,s[0]):p,h=a??r.description??p.description??m.description,x=p.enum??m.enum??$(e,m.items)?.enum;return o`
    <li>
      <p class="meta">
        <code class="name">${t}</code> <span class="type">${b(e,y(r)?r:p)}</span>
        ${i&&o` <span class="place">${i}</span>`}
        ${n&&o` <span class="chip">${l("reference.required")}</span>`} <${_} schema=${m} />
      </p>
      ${h&&o`<p><${u} of=${h} /></p>`}
      ${x&&o`<p class="values">${x.map(f=>o`<code>${f===null?"null":String(f)}</code> `)}</p>`}
      ${c.map(f=>o`
        <${T} summary=${l("reference.fieldsOf",{name:y(f)??y(f.items)??y(r)??t})}>
          <${S} document=${e} schema=${f} />
        <//>`)}
    </li>`}var _=({schema:e})=>X(e).map(t=>o`<span class="limit">${t}</span> `);function T({summary:e,children:t,open:r=!1}){let[n,a]=g(r);return o`
    <details class="folded" open=${n} onToggle=${i=>a(i.currentTarget.open)}>
      <summary>${e}</summary>
      ${n&&o`<div class="inside">${t}</div>`}
    </details>`}function ee({document:e,operation:t,base:r}){let{id:n,method:a,path:i,summary:p,description:s,parameters:c,body:m,answers:h}=t,x=w(m),f=h.find(({status:d})=>d.startsWith("2")),z=I(w(f));return o`
    <article class="operation" id=${n} aria-labelledby=${`${n}-title`}>
      <div class="told">
        <h3 id=${`${n}-title`}><a href=${`#${n}`}>${p??n}</a></h3>
        <p class="route"><span class=${`method ${a.toLowerCase()}`}>${a}</span> <code>${i}</code></p>
        <p class="muted"><${ie} operation=${t} /></p>
        ${s&&o`<p><${u} of=${s} /></p>`}
        ${c.length>0&&o`
          <h4>${l("reference.parameters")}</h4>
          <ul class="fields">${c.map(d=>o`
            <${O} key=${`${d.in} ${d.name}`} document=${e} name=${d.name} schema=${d.schema} required=${d.required}
              description=${d.description} place=${l(`reference.in.${d.in}`)} />`)}</ul>`}
        ${x&&o`<h4>${l("reference.body")}</h4><${S} document=${e} schema=${x.schema} />`}
        <h4>${l("reference.answers")}</h4>
        ${h.map(d=>o`<${pe} key=${d.status} document=${e} answer=${d} />`)}
      </div>
      <div class="shown">
        <${E} text=${Y(t,r)} name=${l("reference.request")} wrap />
        ${z!==void 0&&o`<${E} text=${B(z)} name=${`${l("reference.answer")} ${f.status}`} />`}
      </div>
    </article>`}function ie({operation:{needsKey:e,scopes:t}}){return e?t.length?o`${l("reference.scope")} ${t.map(r=>o`<code>${r}</code> `)}`:l("reference.anyKey"):l("reference.noKey")}function pe({document:e,answer:t}){let r={2:"delivered",3:"skipped"}[t.status[0]]??"failed square",n=w(t),a=Object.entries(t.headers??{}),i=o`<span class=${`status ${r}`}>${t.status}</span> <${u} of=${t.description} />`;return o`
    <${T} summary=${i}>
      ${a.length>0&&o`<ul class="fields">${a.map(([p,s])=>o`
        <${O} key=${p} document=${e} name=${p} schema=${s.schema} description=${s.description} place=${l("reference.in.header")} />`)}</ul>`}
      ${n&&o`<p class="muted">${n.type}</p><${S} document=${e} schema=${n.schema} />`}
    <//>`}var le=new URL(".",location.href).href.replace(/\/$/,"");function te({document:e}){A(M);let t=N(()=>G(e),[e]),[r,n]=g(""),[a,i]=g(!1),p=de(t);return v(()=>{globalThis.document.getElementById(location.hash.slice(1))?.scrollIntoView()},[t]),o`
    <div class="reference">
      <a class="skip button" href="#content">${l("nav.skip")}</a>
      <header class="top">
        <a class="name" href="#content">${l("reference.title")}</a>
        <button type="button" class="button small list-toggle" aria-expanded=${a} aria-controls="operations" onClick=${()=>i(!a)}>${l("reference.list")}</button>
        <span class="links"><a href="openapi.json">openapi.json</a><a href="console/">${l("reference.console")}</a></span>
        <${J} />
      </header>
      <nav class=${`operations ${a?"open":""}`} id="operations" aria-label=${l("reference.list")}>
        <input class="input" type="search" value=${r} placeholder=${l("reference.search")} aria-label=${l("reference.search")} onInput=${s=>n(s.currentTarget.value)} />
        ${t.map(s=>o`<${ce} key=${s.name} group=${s} text=${r} current=${p} onChosen=${()=>i(!1)} />`)}
      </nav>
      <main id="content" tabindex="-1">
        <section class="about">
          <h1>${e.info.title} API <span class="muted">${e.info.version}</span></h1>
          <p><${u} of=${e.info.description} /></p>
          ${Object.values(e.components?.securitySchemes??{}).map(({description:s})=>o`<p><${u} of=${s} /></p>`)}
        </section>
        ${t.map(({name:s,description:c,operations:m})=>o`
          <section key=${s} aria-labelledby=${`tag-${s}`}>
            <h2 id=${`tag-${s}`}>${s}</h2>
            <p class="muted"><${u} of=${c} /></p>
            ${m.map(h=>o`<${ee} key=${h.id} document=${e} operation=${h} base=${le} />`)}
          </section>`)}
      </main>
    </div>
    <${D} />`}function ce({group:e,text:t,current:r,onChosen:n}){let a=W(e.operations,t);return a.length?o`
    <h2>${e.name}</h2>
    <ul>${a.map(({id:i,method:p,path:s,summary:c})=>o`
      <li key=${i}><a href=${`#${i}`} title=${`${p} ${s}`} aria-current=${i===r?"true":void 0} onClick=${n}>
        <span class=${`method ${p.toLowerCase()}`}>${p}</span><span>${c??s}</span></a></li>`)}</ul>`:null}function de(e){let[t,r]=g(location.hash.slice(1));return v(()=>{let n=new Set,a=e.flatMap(({operations:p})=>p.map(({id:s})=>s)),i=new IntersectionObserver(p=>{p.forEach(({target:s,isIntersecting:c})=>c?n.add(s.id):n.delete(s.id)),r(a.find(s=>n.has(s)))},{rootMargin:"-56px 0px -60% 0px"});return a.forEach(p=>i.observe(document.getElementById(p))),()=>i.disconnect()},[e]),t}var re={reference:{title:"Callhook API",list:"Operations",search:"Find an operation",console:"Console",failed:"The API document cannot be read. Check your connection, then try again.",parameters:"Parameters",body:"Body",answers:"Responses",request:"Request",answer:"Response",required:"required",in:{path:"in the path",query:"in the query",header:"header",cookie:"cookie"},anyName:"(any name)",fieldsOf:"Fields of {name}",noKey:"Takes no key.",anyKey:"Any key may call it.",scope:"Scope:"}};P(re);function fe(){let[e,t]=g({document:null,failed:!1}),r=async()=>{t({document:null,failed:!1});try{let a=await fetch("openapi.json",{credentials:"omit"});if(!a.ok)throw new Error(`the document was answered with ${a.status}`);t({document:await a.json(),failed:!1})}catch{t({document:null,failed:!0})}};if(v(()=>{r()},[]),e.document)return o`<${te} document=${e.document} />`;let n=o`<${K} kind="small" onClick=${r}>${l("common.retry")}<//>`;return o`<main class="page">${e.failed?o`<${R} kind="failed" action=${n}>${l("reference.failed")}<//>`:o`<${U} lines=${8} />`}</main>`}H();F().then(()=>L(o`<${fe} />`,document.getElementById("app")));
