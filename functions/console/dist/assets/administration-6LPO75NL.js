import{a as We}from"./chunk-YAHBBONU.js";import{a as L,b as Pe}from"./chunk-JACQGWQO.js";import{b as se}from"./chunk-WEM2L7BB.js";import"./chunk-ZRIB4DWO.js";import{a as Le,b as ue}from"./chunk-TDJVKJV6.js";import{a as ze,b as M,f as Ke}from"./chunk-EKWK6MR2.js";import{$ as De,A as Ae,B as Ce,C as U,E as Te,G as H,H as j,K as Se,L as C,M as Oe,N as O,O as N,P as E,Q as b,R as Z,S as qe,T as _,U as Ee,V as W,W as J,X as Ie,Y as X,Z as ee,_ as I,aa as Ne,da as w,ea as V,f as g,fa as te,g as be,ga as Me,h as q,k as B,l as T,n as we,p as ve,q as ge,r as y,s as D,t as xe,u as o,ua as P,v as _e,va as x,w as e,xa as oe,z as p}from"./chunk-JMGVCNAO.js";import{d as f,e as ye,g as Y,j as G,l as R,x as Fe}from"./chunk-CP3WDGD6.js";var Re={keys:{title:"Keys",tabs:{label:"Kinds of keys",account:"Keys of {name}",platform:"Platform keys",mine:"Your key"},noAccount:"Your key acts for no account, so you see the keys of the platform.",chooseAccount:"Choose an account to see its keys",name:"Name",prefix:"Begins with",kind:"Kind",kinds:{account:"Key of an account",platform:"Key of the platform",link:"Console link"},reaches:"Reaches",reachesAccount:"All of {name}",reachesAccounts:"Every account of the platform",wholeAccount:"The whole account",webhookId:"webhook id",made:"Created",maker:"Created by",operator:"the operator",ends:"Expires",never:"Never",used:"Last used",unused:"Not used",inUse:"in use",linkChip:"link",unreadable:"cannot be read",may:"What it may do",lacks:"This key may not do that.",scopesShort:"Scopes",scopesWord:{all:"All scopes",read:"Read only"},scopes:{"webhooks:read":"Reads webhooks and subscriptions.","webhooks:write":"Creates, changes and deletes webhooks and subscriptions.","deliveries:read":"Reads reports, deliveries, replays and figures.","deliveries:write":"Sends deliveries again and starts replays.","reports:write":"Submits reports, which are then delivered.","reports:erase":"Erases reports for good.",platform:"Manages accounts and keys, and acts for any account within its other scopes."},presets:{read:"Read only",manage:"Manage webhooks",engine:"Submit reports",all:"Everything"},askPlatform:"Your platform creates and revokes keys. Ask it for another one, or to revoke this one if it leaked.",askLink:"You opened the console with a link of your platform. When it expires, open a new one there.",aboutAccount:"These keys see this account and nothing else. Callhook stores only a hash, so a key is shown once, when it is created. The time of the last use may be an hour late.",aboutPlatform:"These keys manage all accounts. A key creates only keys within its own scopes and lifetime. Revoking a key keeps the keys that it created, unless you revoke them with it.",emptyTitle:"No keys yet",emptyText:"A program that calls the API for this account needs one.",newKey:"Create a key",newLink:"Create a link",newKeyOf:"Create a key of {name}",newPlatformKey:"Create a key of the platform",newLinkOf:"Create a console link for {name}",nameHint:'Say who uses it, such as "dialer, production".',linkNameHint:'Shown in the list, such as "panel, user 17".',chooseScopes:"Choose at least one.",endsHint:"A key expires no later than yours.",latest:"As late as possible",days:{one:"In {count} day",other:"In {count} days"},otherDays:"Days from now",otherMinutes:"Minutes from now",lasts:"Expires after",onlyWebhook:"Only this webhook",onlyWebhookHint:"The key then reaches that webhook and its deliveries. It cannot be changed later.",onlyWebhookId:"Its id; empty is the whole account.",make:"Create the key",makeLink:"Create the link",madeTitle:"Key created: {name}",madeUse:"Programs send it as a bearer token. With the key in KEY, this call describes it:",aboutLink:"A link opens this console for a customer of yours, without a password. Create it when the customer opens the page in your panel, and redirect to it. Do not store it.",link:"the link",linkTitle:"Console link created: {name}",linkUse:"The link works for everyone who has it, until it expires.",openLink:"Open it",revoke:"Revoke",revokeWhat:"Revoke {name}",revokeTitle:"Revoke {name}?",revokeText:"Programs that use this key stop working within 60 seconds. A revoked key cannot be used again.",revokeLinkText:"Consoles that were opened with this link stop working within 60 seconds.",revokeOwn:"You are signed in with this key, or with one that it created. The console signs you out once it is refused.",cascade:"Revoke the keys that it created as well",cascadeText:"Also revokes the keys that it created, the keys that those created, and so on, of the platform and of all accounts.",noCascadeText:"The keys that it created keep working.",revokedSoFar:{one:"{count} key is revoked so far.",other:"{count} keys are revoked so far."},revokeRemains:"More remain. Continue to revoke them.",revokeFurther:"Continue",revoked:{one:"The key was revoked",other:"{count} keys were revoked"}},account:{title:"Account",facts:"About the account",name:"Name",id:"Id",status:"Status",made:"Created",zone:"Time zone",zoneHint:"An IANA name such as Asia/Kolkata; UTC if empty.",zoneMeaning:"The time zone of the times in its reports, which have no offset. The console shows times in it as well.",retention:"Retention",retentionDays:"Retention in days",retentionHint:"1 to 365 days; 30 if empty.",retentionMeaning:"How long reports and deliveries are kept, from the last attempt.",days:{one:"{count} day",other:"{count} days"},operational:"Operational webhook",operationalMeaning:"Receives an event when a webhook of the account fails, opens its circuit, recovers or is disabled.",operationalHint:"The id of an active webhook of the account.",quotas:"Quotas",quota:{webhooks:"Webhooks",subscriptions:"Subscriptions",reports_per_second:"Reports a second",deliveries_per_second:"Deliveries a second"},quotaMeaning:{webhooks:"The most that the account has at a time. One more is refused until one is deleted.",subscriptions:"The most that the account has at a time. One more is refused until one is deleted.",reports_per_second:"Reports that are accepted. More are refused with 429, and can be sent again after a moment.",deliveries_per_second:"First attempts that begin. More wait for their turn; retries, resends and replays do not count."},quotaHint:{webhooks:"1,000 if empty.",subscriptions:"5,000 if empty.",reports_per_second:"The default of the deployment if empty.",deliveries_per_second:"The default of the deployment if empty."},quotaDefault:{webhooks:"1,000",subscriptions:"5,000",reports_per_second:"Default",deliveries_per_second:"Default"},byDeployment:"Default",limitedKey:"Your key reaches one webhook, so it does not see the quotas of the account.",askPlatform:"Your platform sets these. Ask it to change them.",editTitle:"Change the account",eraseTitle:"Erase the account",eraseAbout:"Erases the account and all its data. This cannot be undone.",erase:"Erase the account…",eraseAsk:"Erase {name}?",eraseGoes:"Within 60 seconds its keys are refused, and no reports are accepted or delivered. Then Callhook deletes for good:",goes:{webhooks:"webhooks, subscriptions and secrets",deliveries:"reports, deliveries and their attempts, also those that are not delivered yet",figures:"figures and replays",keys:"all keys and console links",id:"the id: it cannot be used again for 211 days"},eraseType:"Type {id} to confirm",eraseNow:"Erase for good",erasing:"This account is being erased. That takes at least a few minutes; until then nothing in it can be created or changed.",erased:"The account {id} is erased."},accounts:{title:"Accounts",search:"Search",searchHint:"Name, id or zone",new:"Create an account",make:"Create the account",made:"{name} was created",idHint:"Up to 64 letters, digits, - and _. It cannot be changed later.",idPlaceholder:"Chosen by Callhook",emptyTitle:"No accounts yet",emptyText:"An account holds the webhooks and reports of one customer. Create the first one, then act for it to create its keys.",noMatch:"No account matches",noMatchText:"The search looks at the accounts that are shown. Clear it to see all of them.",actFor:"Act for it",actForWhat:"Act for it: {name}",acting:"Act for",current:"acting for it",stopActing:"Stop acting"}};var Be=".scopes{display:grid;margin-top:var(--s2)}.scopes li{display:grid;grid-template-columns:150px minmax(0,1fr);gap:var(--s2) var(--s4);padding:var(--s1) 0}.scopes-field{display:grid;gap:var(--s2);min-width:0;margin:0;padding:0;border:0;justify-items:start}.scopes-field legend{padding:0 0 var(--s1);font-weight:500}.scopes-field .error{color:var(--failed);font-size:var(--text-s);line-height:16px}.scopes-field .check{align-items:baseline}.scopes-field .check input{align-self:start;margin-top:2px}.scopes-field .button[aria-pressed=true]{background:var(--accent-soft);border-color:var(--accent);color:var(--accent-strong)}.keys-about{padding:var(--s3) var(--s4) 0;max-width:840px}.keys-hint a{text-decoration:underline}.keys-hint{margin-bottom:var(--s4)}.key-name{display:grid;gap:2px;min-width:0}.key-name .below{display:flex;flex-wrap:wrap;align-items:center;gap:0 var(--s2);line-height:16px}@media(min-width:601px){.key-scopes{max-width:150px}.key-name{max-width:240px;line-height:18px;padding:2px 0}.keys-table th:last-child,.keys-table td:last-child{position:sticky;right:0;background:var(--surface)}}@media(max-width:600px){.key-name .below{justify-content:flex-end}.scopes li{grid-template-columns:minmax(0,1fr);gap:0}}.accounts-below{margin-top:var(--s4)}.quotas-field{min-width:0;margin:0;padding:0;border:0}.quotas-field legend{padding:0 0 var(--s2);font-weight:600}.quota-list{display:grid}.quota-list>li{display:grid;grid-template-columns:minmax(160px,220px) 140px minmax(0,1fr);gap:var(--s1) var(--s4);padding:var(--s2) 0;border-top:1px solid var(--border)}.quota-list>li:first-child{border-top:0;padding-top:0}.quota-list .value{font-weight:600;font-variant-numeric:tabular-nums}@media(max-width:600px){.quota-list>li{grid-template-columns:minmax(0,1fr) max-content}.quota-list .meaning{grid-column:1 / -1}}.bullets{list-style:disc;padding-left:20px;display:grid;gap:var(--s1)}.form .quotas-field .row{grid-template-columns:repeat(auto-fit,minmax(min(100%,280px),1fr))}";var K=[{name:"webhooks",least:0,most:1e5},{name:"subscriptions",least:0,most:1e5},{name:"reports_per_second",least:1,most:1e4},{name:"deliveries_per_second",least:1,most:5e4}];function ne(t={}){return{id:t.id??"",name:t.name??"",time_zone:t.time_zone??"",retention_days:String(t.retention_days??""),operational_webhook_id:t.operational_webhook_id??"",quotas:Object.fromEntries(K.map(({name:r})=>[r,String(t.quotas?.[r]??"")]))}}var Ue=t=>t.trim()?Number(t):null;function de(t){return{name:t.name.trim(),time_zone:t.time_zone.trim()||null,retention_days:Ue(t.retention_days),operational_webhook_id:t.operational_webhook_id.trim()||null,quotas:Object.fromEntries(K.map(({name:r})=>[r,Ue(t.quotas[r])]))}}var He=t=>Object.fromEntries(Object.entries(t).filter(([,r])=>r!==null));function pe(t){let{quotas:r,operational_webhook_id:a,...s}=de(t),n=He(r);return{...t.id.trim()&&{id:t.id.trim()},...He(s),...Object.keys(n).length>0&&{quotas:n}}}function Ve(t,r){let[a,s]=[de(t),de(r)],n=Object.fromEntries(Object.entries(s).filter(([c,m])=>c!=="quotas"&&m!==a[c])),i=Object.fromEntries(Object.entries(s.quotas).filter(([c,m])=>m!==a.quotas[c]));return Object.keys(i).length?{...n,quotas:i}:n}function je(t,r=""){let a=r.trim().toLowerCase();return t.filter(({id:s,name:n="",time_zone:i=""})=>[s,n,i].some(c=>c.toLowerCase().includes(a)))}var Qe=()=>["UTC",...Intl.supportedValuesOf?.("timeZone")??[]];function Ye({account:t}){let{who:r}=g.get(),a=r.account?.id===t.id,s=t.operational_webhook_id;return o`
    <${b} title=${e("account.facts")}>
      <${Z} of=${[[e("account.name"),o`<span class="anywhere">${t.name}</span>`],[e("account.id"),o`<${M} value=${t.id} what=${e("account.id")} whole />`],[e("account.zone"),o`${t.time_zone} <div class="muted">${e("account.zoneMeaning")}</div>`],[e("account.retention"),o`${e("account.days",{count:t.retention_days})} <div class="muted">${e("account.retentionMeaning")}</div>`],[e("account.operational"),t.quotas&&o`
          ${s?o`<${M} value=${s} what=${e("keys.webhookId")} whole href=${a&&B("webhooks:read")?C(`/webhooks/${s}`):void 0} />`:e("common.none")}
          <div class="muted">${e("account.operationalMeaning")}</div>`],[e("account.made"),t.created_at&&o`<${x} at=${t.created_at} />`]]} />
    <//>
    ${t.quotas?o`<${ft} quotas=${t.quotas} />`:o`<${_}>${e("account.limitedKey")}<//>`}
    ${!T()&&t.quotas&&o`<${_}>${e("account.askPlatform")}<//>`}`}var ft=({quotas:t})=>o`
  <${b} title=${e("account.quotas")}>
    <ul class="quota-list">
      ${K.map(({name:r})=>o`
        <li key=${r}>
          <span>${e(`account.quota.${r}`)}</span>
          <span class="value">${t[r]?.toLocaleString("en")??e("account.byDeployment")}</span>
          <span class="meaning muted">${e(`account.quotaMeaning.${r}`)}</span>
        </li>`)}
    </ul>
  <//>`;var z=({error:t,fields:r})=>t?.fields?.length>0&&t.fields.every(({field:s})=>r.some(n=>s===n||s.startsWith(`${n}.`)))?null:o`<${W} error=${t} />`;function re({form:t,onForm:r,error:a,children:s}){let n=G(),i=Y(Qe,[]),c=l=>d=>r({...t,[l]:d}),m=l=>d=>r({...t,quotas:{...t.quotas,[l]:d}}),u=l=>a?.field?.(l);return o`
    <${w} label=${e("account.name")} value=${t.name} onValue=${c("name")} error=${u("name")} required maxlength="100" autofocus autocomplete="off" />
    ${s}
    <div class="row">
      <${w} label=${e("account.zone")} hint=${e("account.zoneHint")} value=${t.time_zone} onValue=${c("time_zone")} error=${u("time_zone")}
        list=${n} placeholder="UTC" autocomplete="off" spellcheck=${!1} />
      <datalist id=${n}>${i.map(l=>o`<option key=${l} value=${l} />`)}</datalist>
      <${w} label=${e("account.retentionDays")} hint=${e("account.retentionHint")} type="number" min="1" max="365" placeholder="30" value=${t.retention_days}
        onValue=${c("retention_days")} error=${u("retention_days")} />
    </div>
    <fieldset class="quotas-field">
      <legend>${e("account.quotas")}</legend>
      <div class="row">
        ${K.map(({name:l,least:d,most:k})=>o`
          <${w} key=${l} label=${e(`account.quota.${l}`)} hint=${e(`account.quotaHint.${l}`)} type="number" min=${d} max=${k} placeholder=${e(`account.quotaDefault.${l}`)}
            value=${t.quotas[l]} onValue=${m(l)} error=${u(`quotas.${l}`)} />`)}
      </div>
    </fieldset>`}var ae=["id","name","time_zone","retention_days","operational_webhook_id",...K.map(({name:t})=>`quotas.${t}`)];function Ge({account:t,onClose:r,onSaved:a}){let s=Y(()=>ne(t),[t]),[n,i]=f(s),{busy:c,error:m,run:u}=I(),l=Ve(s,n),d=Object.keys(l).length>0,k=v=>(v.preventDefault(),d?u(async()=>{let h=await y("changeAccount",{params:{id:t.id},body:l});U(e("common.saved")),a(h)}):r());return o`
    <${b} title=${e("account.editTitle")}>
      <${L} when=${d} />
      <form class="form" onSubmit=${k}>
        <${re} form=${n} onForm=${i} error=${m}>
          <${kt} account=${t} value=${n.operational_webhook_id} error=${m?.field?.("operational_webhook_id")}
            onValue=${v=>i({...n,operational_webhook_id:v})} />
        <//>
        <${z} error=${m} fields=${ae} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${c}>${e("common.save")}<//>
          <${p} onClick=${r}>${e("common.cancel")}<//>
        </div>
      </form>
    <//>`}function kt({account:t,value:r,onValue:a,error:s}){let n=G(),{data:i}=X(u=>B("webhooks:read")?y("listWebhooks",{query:{limit:100},as:be(),actFor:t.id,signal:u}):Promise.resolve({data:[]}),[t.id]),c=i?.data.filter(({status:u})=>u==="active")??[],m=c.find(({id:u})=>u===r.trim());return o`
    <${w} label=${e("account.operational")} hint=${m?m.name:e("account.operationalHint")} value=${r} onValue=${a} error=${s} mono
      list=${n} placeholder=${e("common.none")} autocomplete="off" spellcheck=${!1} />
    <datalist id=${n}>${c.map(({id:u,name:l})=>o`<option key=${u} value=${u}>${l}</option>`)}</datalist>`}function Ze({account:t,onErasing:r}){let[a,s]=f(!1);return o`
    <${b} title=${e("account.eraseTitle")}>
      <div class="stack">
        <p>${e("account.eraseAbout")}</p>
        <div><${p} kind="danger" icon="trash" onClick=${()=>s(!0)}>${e("account.erase")}<//></div>
      </div>
      ${a&&o`<${ht} account=${t} onClose=${()=>s(!1)} onErasing=${r} />`}
    <//>`}function ht({account:t,onClose:r,onErasing:a}){let[s,n]=f(""),{busy:i,error:c,run:m}=I(),u=s===t.id,l=k=>{k.preventDefault(),u&&m(async()=>a(await y("eraseAccount",{params:{id:t.id},query:{confirm:s}})))},d=o`
    <${p} autofocus onClick=${r}>${e("common.cancel")}<//>
    <${p} kind="danger primary" busy=${i} disabled=${!u} onClick=${l}>${e("account.eraseNow")}<//>`;return o`
    <${De} title=${e("account.eraseAsk",{name:t.name})} onClose=${r} footer=${d}>
      <p>${e("account.eraseGoes")}</p>
      <ul class="bullets">${["webhooks","deliveries","figures","keys","id"].map(k=>o`<li key=${k}>${e(`account.goes.${k}`)}</li>`)}</ul>
      <form onSubmit=${l}>
        <${w} label=${e("account.eraseType",{id:t.id})} value=${s} onValue=${n} mono autocomplete="off" spellcheck=${!1} />
      </form>
      <${W} error=${c} />
    <//>`}async function yt(t,r){if(T())return y("readAccount",{params:{id:t},signal:r});let a=await y("readKey",{signal:r});return ve(a),a.account}var $e=t=>qe(t).catch(r=>Te(Ee(r),()=>$e(t)));function bt({id:t}){let{accountId:r}=R(g),{edit:a}=N(),[s,n]=f(!1),i=t??r,{data:c,error:m,reload:u,setData:l}=X(S=>yt(i,S),[i],{every:s?1e4:void 0});ye(()=>{c?.status==="erasing"&&n(!0)},[c]);let d=t&&[C("/accounts"),e("accounts.title")];if(s&&m?.kind==="not-found")return o`<${E} title=${e("account.title")} back=${d}><${_}>${e("account.erased",{id:i})}<//><//>`;if(!c)return o`<${E} title=${e("account.title")} back=${d}>${m?o`<${W} error=${m} retry=${u} />`:o`<${b}><${Me} lines=${8} /><//>`}<//>`;let v=c.status==="erasing",h=T()&&!v,F=S=>{l(S),O({edit:void 0}),S.id===r&&$e(r)},A=S=>{l(S),S.id===r&&$e(null)},$=h&&o`
    ${r!==c.id&&o`<${p} onClick=${()=>J(c)}>${e("accounts.actFor")}<//>`}
    ${!a&&o`<${p} kind="primary" icon="edit" onClick=${()=>O({edit:1})}>${e("common.edit")}<//>`}`;return o`
    <${E} title=${c.name} back=${d} actions=${$} beside=${o`<${P} value=${c.status??"active"} />`}>
      <div class="stack">
        ${m&&o`<${W} error=${m} retry=${u} />`}
        ${v&&o`<${_} kind="warning">${e("account.erasing")}<//>`}
        ${a&&h?o`<${Ge} account=${c} onClose=${()=>O({edit:void 0})} onSaved=${F} />`:o`<${Ye} account=${c} />`}
        ${h&&!a&&o`<${Ze} account=${c} onErasing=${A} />`}
      </div>
    <//>`}function Je({account:t,isCurrent:r,busyId:a,onBusy:s}){if(r)return o`<span class="chip">${e("accounts.current")}</span>`;if(t.status!=="active")return null;let n=async()=>{let i=J(t);i&&(s(t.id),await i,s(c=>c===t.id?null:c))};return o`<${p} kind="small" busy=${a===t.id} aria-label=${e("accounts.actForWhat",{name:t.name})} onClick=${n}>${e("accounts.actFor")}<//>`}var Xe=ne(),wt="[A-Za-z0-9_\\-]{1,64}";function et({onClose:t,onMade:r}){let[a,s]=f(Xe),{busy:n,error:i,run:c}=I(),[m,u]=f(!1),l=d=>{d.preventDefault(),c(async()=>{let k=await y("createAccount",{body:pe(a)});u(!0),U(e("accounts.made",{name:k.name})),setTimeout(()=>r(k))})};return o`
    <${b} title=${e("accounts.new")}>
      <${L} when=${a!==Xe&&!m} />
      <form class="form" onSubmit=${l}>
        <${re} form=${a} onForm=${s} error=${i}>
          <${w} label=${e("account.id")} hint=${e("accounts.idHint")} value=${a.id} onValue=${d=>s({...a,id:d})} error=${i?.field?.("id")} mono
            pattern=${wt} maxlength="64" placeholder=${e("accounts.idPlaceholder")} autocomplete="off" spellcheck=${!1} />
        <//>
        <${z} error=${i} fields=${ae} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${n}>${e("accounts.make")}<//>
          <${p} onClick=${t}>${e("common.cancel")}<//>
        </div>
        <${H} text=${D("createAccount",{body:pe(a)})} name=${e("common.withCurl")} wrap />
      </form>
    <//>`}var fe=({id:t})=>`/accounts/${encodeURIComponent(t)}`;function vt(){let{accountId:t}=R(g),{q:r,new:a}=N(),[s,n]=f(!1),i=ee((d,k)=>T()?y("listAccounts",{query:{cursor:d,limit:100},signal:k}):Promise.resolve({data:[],next_cursor:null}),[]);if(!T())return o`<${E} title=${e("accounts.title")}><${_}>${e("common.needsScope",{scope:"platform"})}<//><//>`;let c=()=>O({new:void 0}),m=o`<${p} kind="primary" icon="plus" onClick=${()=>O({new:1})}>${e("accounts.new")}<//>`,u=i.rows&&je(i.rows,r),l=i.rows?.length?o`<${j} title=${e("accounts.noMatch")} text=${e("accounts.noMatchText")} />`:o`<${j} title=${e("accounts.emptyTitle")} text=${e("accounts.emptyText")} action=${m} curl=${D("createAccount",{body:{name:"Acme",time_zone:"Asia/Kolkata"}})} />`;return o`
    <${E} title=${e("accounts.title")} actions=${o`${t&&o`<${p} onClick=${Ie}>${e("accounts.stopActing")}<//>`}${!a&&m}`}>
      ${a&&o`<${et} onClose=${c} onMade=${d=>Oe(fe(d))} />`}
      <div class=${a?"accounts-below":""}>
        <${We} label=${e("accounts.search")} fields=${[{name:"q",label:e("accounts.search"),type:"search",placeholder:e("accounts.searchHint")}]} />
        <section class="panel">
          <${oe} label=${e("accounts.title")} pages=${{...i,rows:u}} columns=${gt({accountId:t,chosen:s,onChosen:n})} empty=${l}
            linkOf=${d=>d.unreadable?void 0:C(fe(d))} />
        </section>
      </div>
    <//>`}var gt=({accountId:t,chosen:r,onChosen:a})=>{let s=n=>i=>i.unreadable?o`<span class="muted">–</span>`:n(i);return[{name:"name",title:e("account.name"),sort:({name:n})=>n?.toLowerCase(),cell:n=>n.unreadable?o`<span title=${e("common.unreadable")}>${e("keys.unreadable")}</span>`:o`<a class="ellipsis" href=${C(fe(n))} title=${n.name}>${n.name}</a>`},{name:"id",title:e("account.id"),sort:({id:n})=>n,cell:({id:n})=>o`<span class="mono ellipsis" title=${n}>${n}</span>`},{name:"zone",title:e("account.zone"),sort:({time_zone:n})=>n,cell:s(n=>n.time_zone)},{name:"retention",title:e("account.retentionDays"),right:!0,sort:({retention_days:n})=>n,cell:s(n=>n.retention_days)},{name:"status",title:e("account.status"),sort:({status:n})=>n,cell:s(n=>o`<${P} value=${n.status} />`)},{name:"made",title:e("account.made"),sort:({created_at:n})=>n,cell:s(n=>o`<${x} at=${n.created_at} />`)},{name:"act",title:e("accounts.acting"),right:!0,cell:s(n=>o`<${Je} account=${n} isCurrent=${n.id===t} busyId=${r} onBusy=${a} />`)}]};var Q=["webhooks:read","webhooks:write","deliveries:read","deliveries:write","reports:write","reports:erase","platform"],ie=(t,r)=>Q.filter(a=>t.includes(a)&&(r||a!=="platform"));function tt(t,r=!1){let a=["read",["webhooks:read","deliveries:read"]];return(r?[a,["manage",["webhooks:read","webhooks:write","deliveries:read","deliveries:write","reports:write"]]]:[a,["engine",["reports:write"]],["all",t]]).map(([n,i])=>[n,i.filter(c=>t.includes(c))]).filter(([,n])=>n.length)}function ot(t,r){return Q.filter(s=>r||s!=="platform").every(s=>t.includes(s))?"all":t.length===2&&t.every(s=>s.endsWith(":read"))?"read":null}var st=(t,r)=>Q.filter(a=>a===r?!t.includes(r):t.includes(a)),nt=["","7","30","90","365","other"],rt=["900","3600","28800","86400","other"];function at({name:t,scopes:r,days:a,otherDays:s,webhookId:n}){let i=a==="other"?s:a;return{name:t.trim(),scopes:r,...i&&{expires_in_days:Number(i)},...n?.trim()&&{webhook_id:n.trim()}}}function ke({name:t,scopes:r,seconds:a,otherMinutes:s,webhookId:n}){return{scopes:r,expires_in_seconds:a==="other"?Math.round(Number(s)*60):Number(a),...t.trim()&&{name:t.trim()},...n?.trim()&&{webhook_id:n.trim()}}}var xt=50;async function it(t,r){let a=0;for(let s=0;s<xt;s+=1){let n=await t();if(a+=n.revoked,n.is_complete)return{revoked:a,isComplete:!0};if(r(a),!n.revoked)break}return{revoked:a,isComplete:!1}}var ct=(t,r=Date.now())=>!!t.expires_at&&Date.parse(t.expires_at)<=r;function ce({given:t,value:r,onValue:a,error:s,ofLink:n}){return o`
    <fieldset class="scopes-field" aria-invalid=${s?"true":void 0}>
      <legend>${e("keys.may")}</legend>
      <div class="buttons">
        ${tt(t,n).map(([i,c])=>o`<${p} key=${i} kind="small" aria-pressed=${c.join()===r.join()} onClick=${()=>a(c)}>${e(`keys.presets.${i}`)}<//>`)}
      </div>
      ${t.map(i=>o`
        <${te} key=${i} checked=${r.includes(i)} onValue=${()=>a(st(r,i))}
          label=${o`<code>${i}</code> <span class="muted">${e(`keys.scopes.${i}`)}</span>`} />`)}
      ${s&&o`<p class="error" role="alert">${s}</p>`}
    </fieldset>`}function le({value:t,onValue:r,error:a}){let s=Ke();if(B("webhooks:read")){let n=[["",e("keys.wholeAccount")],...[...s].map(([i,c])=>[i,c??ze(i)])];return o`<${V} label=${e("keys.onlyWebhook")} hint=${e("keys.onlyWebhookHint")} error=${a} value=${t} onValue=${r} options=${n} />`}return o`
    <${w} label=${e("keys.onlyWebhook")} hint=${`${e("keys.onlyWebhookId")} ${e("keys.onlyWebhookHint")}`} error=${a} value=${t} onValue=${r} mono
      placeholder=${e("keys.wholeAccount")} autocomplete="off" spellcheck=${!1} />`}var lt={name:"",scopes:[],days:"",otherDays:"30",webhookId:""};function mt({ofPlatform:t,onClose:r,onMade:a}){let{who:s}=g.get(),[n,i]=f(lt),[c,m]=f(null),[u,l]=f(!1),{busy:d,error:k,run:v}=I(),h=$=>S=>i(me=>({...me,[$]:S})),F=$=>{$.preventDefault(),l(!n.scopes.length),n.scopes.length&&v(async()=>m(await y(t?"createPlatformKey":"createAccountKey",{params:{id:q()},body:at(n)})))},A=$=>k?.field?.($);return c?o`
      <${se} title=${e("keys.madeTitle",{name:c.name})} secret=${c.key} name=${e("signIn.key")} onClose=${a}>
        <p>${e("keys.madeUse")}</p>
        <${H} text=${`curl -sS ${xe(ge("readKey").href)} -H "Authorization: Bearer $KEY"`} name="curl" wrap copies=${!1} />
      <//>`:o`
    <${b} title=${t?e("keys.newPlatformKey"):e("keys.newKeyOf",{name:s.account?.name??q()})}>
      <${L} when=${n!==lt} />
      <form class="form" onSubmit=${F}>
        <${w} label=${e("keys.name")} hint=${e("keys.nameHint")} value=${n.name} onValue=${h("name")} error=${A("name")} required maxlength="100" autofocus autocomplete="off" />
        <${ce} given=${ie(s.scopes,t)} value=${n.scopes} onValue=${h("scopes")} error=${A("scopes")??(u&&!n.scopes.length?e("keys.chooseScopes"):null)} />
        <div class="row">
          <${V} label=${e("keys.ends")} hint=${e("keys.endsHint")} value=${n.days} onValue=${h("days")} error=${A("expires_in_days")}
            options=${nt.map($=>[$,$===""?e("keys.latest"):$==="other"?e("keys.otherDays"):e("keys.days",{count:Number($)})])} />
          ${n.days==="other"&&o`<${w} label=${e("keys.otherDays")} type="number" min="1" max="3650" required value=${n.otherDays} onValue=${h("otherDays")} />`}
        </div>
        ${!t&&o`<${le} value=${n.webhookId} onValue=${h("webhookId")} error=${A("webhook_id")} />`}
        <${z} error=${k} fields=${["name","scopes","expires_in_days","expires_in_seconds","webhook_id"]} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${d}>${e("keys.make")}<//>
          <${p} onClick=${r}>${e("common.cancel")}<//>
        </div>
      </form>
    <//>`}function ut({onClose:t,onMade:r}){let{who:a}=g.get(),s=ie(a.scopes,!1),[n]=f(()=>({name:"",scopes:s.filter($=>/^(webhooks|deliveries):read$/.test($)),seconds:"3600",otherMinutes:"30",webhookId:""})),[i,c]=f(n),[m,u]=f(null),{busy:l,error:d,run:k}=I(),v=$=>S=>c(me=>({...me,[$]:S})),h={id:q()},F=$=>{$.preventDefault(),i.scopes.length&&k(async()=>u(await y("createConsoleLink",{params:h,body:ke(i)})))},A=$=>d?.field?.($);return m?o`<${_t} made=${m} onClose=${r} />`:o`
    <${b} title=${e("keys.newLinkOf",{name:a.account?.name??q()})}>
      <${L} when=${i!==n} />
      <form class="form" onSubmit=${F}>
        <p class="muted">${e("keys.aboutLink")}</p>
        <${w} label=${e("keys.name")} hint=${e("keys.linkNameHint")} value=${i.name} onValue=${v("name")} error=${A("name")} maxlength="100" autofocus autocomplete="off" />
        <${ce} ofLink given=${s} value=${i.scopes} onValue=${v("scopes")} error=${A("scopes")??(i.scopes.length?null:e("keys.chooseScopes"))} />
        <div class="row">
          <${V} label=${e("keys.lasts")} value=${i.seconds} onValue=${v("seconds")} error=${A("expires_in_seconds")}
            options=${rt.map($=>[$,$==="other"?e("keys.otherMinutes"):Fe(Number($)*1e3)])} />
          ${i.seconds==="other"&&o`<${w} label=${e("keys.otherMinutes")} type="number" min="1" max="1440" step="any" required value=${i.otherMinutes} onValue=${v("otherMinutes")} />`}
        </div>
        <${le} value=${i.webhookId} onValue=${v("webhookId")} error=${A("webhook_id")} />
        <${z} error=${d} fields=${["name","scopes","expires_in_days","expires_in_seconds","webhook_id"]} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${l}>${e("keys.makeLink")}<//>
          <${p} onClick=${t}>${e("common.cancel")}<//>
        </div>
        <${H} text=${D("createConsoleLink",{params:h,body:ke(i)})} name=${e("common.withCurl")} wrap />
      </form>
    <//>`}var _t=({made:t,onClose:r})=>o`
  <${se} title=${e("keys.linkTitle",{name:t.name})} secret=${t.url} name=${e("keys.link")} onClose=${r}>
    <p>${e("keys.linkUse")} ${e("keys.ends")}: <${x} at=${t.expires_at} /> (<${x} at=${t.expires_at} relative />).</p>
    ${ue(t.url)&&o`<div><${Ce} icon="external" href=${ue(t.url)} target="_blank" rel="noreferrer">${e("keys.openLink")}<//></div>`}
  <//>`;var At=t=>y("revokePlatformKey",{params:{key_id:t},query:{cascade:"true"}});function dt({apiKey:t,ofPlatform:r,onClose:a,onRevoked:s}){let[n,i]=f(!1),[c,m]=f(null),{who:u}=g.get(),l=t.name??t.id,d=h=>{U(e("keys.revoked",{count:h})),a(),s()},k=async()=>{let h=c?.count??0,{revoked:F,isComplete:A}=await it(()=>At(t.id),$=>m({count:h+$}));return A?d(h+F):(s(),m({count:h+F,isStopped:!0}))},v=async()=>r&&n?k():(await(r?y("revokePlatformKey",{params:{key_id:t.id}}):y("revokeAccountKey",{params:{id:q(),key_id:t.id}})),d(1));return o`
    <${Ne} title=${e("keys.revokeTitle",{name:l})} action=${e(c?.isStopped?"keys.revokeFurther":"keys.revoke")} onConfirm=${v} onClose=${a}>
      <p><code>${t.prefix??t.id}</code></p>
      <p>${e(t.kind==="console_link"?"keys.revokeLinkText":"keys.revokeText")}</p>
      ${t.id===u.id&&o`<${_} kind="warning">${e("keys.revokeOwn")}<//>`}
      ${r&&o`
        <${te} label=${e("keys.cascade")} checked=${n} onValue=${i} />
        <p class="muted">${e(n?"keys.cascadeText":"keys.noCascadeText")}</p>
        ${n&&u.created_by===t.id&&o`<${_} kind="warning">${e("keys.revokeOwn")}<//>`}`}
      ${c&&o`<p role="status">${e("keys.revokedSoFar",{count:c.count})} ${c.isStopped?e("keys.revokeRemains"):""}</p>`}
    <//>`}function pt({ofPlatform:t}){let r=t?null:q(),{new:a}=N(),[s,n]=f(null),i=t?"listPlatformKeys":"listAccountKeys",c=t?void 0:{id:r},m=ee((h,F)=>y(i,{params:c,query:{cursor:h,limit:100},signal:F}),[i,r]),u=()=>O({new:void 0}),l=()=>{u(),m.reload()},d=o`<${p} kind="primary" icon="plus" onClick=${()=>O({new:"key"})}>${e("keys.newKey")}<//>`,k=!t&&o`<${p} icon="external" onClick=${()=>O({new:"link"})}>${e("keys.newLink")}<//>`,v=o`<${j} title=${e("keys.emptyTitle")} text=${e("keys.emptyText")} action=${d}
    curl=${!t&&D("createAccountKey",{params:c,body:{name:"engine",scopes:["reports:write"]}})} />`;return o`
    <div class="stack">
      ${a==="key"&&o`<${mt} key=${`key ${r}`} ofPlatform=${t} onClose=${u} onMade=${l} />`}
      ${a==="link"&&!t&&o`<${ut} key=${`link ${r}`} onClose=${u} onMade=${l} />`}
      <${b} title=${t?e("keys.tabs.platform"):e("keys.tabs.account",{name:g.get().who.account?.name??r})} actions=${o`${k}${d}`} flush>
        <p class="keys-about muted">${e(t?"keys.aboutPlatform":"keys.aboutAccount")}</p>
        <div class="keys-table"><${oe} label=${e("keys.title")} pages=${m} columns=${St({ofPlatform:t,onRevoke:n})} empty=${v} /></div>
      <//>
      ${s&&o`<${dt} apiKey=${s} ofPlatform=${t} onClose=${()=>n(null)} onRevoked=${m.reload} />`}
    </div>`}function Ct(t,r){let a=ot(t,r);return a?e(`keys.scopesWord.${a}`):t.join(", ")}var Tt=t=>t.id===g.get().who.id,St=({ofPlatform:t,onRevoke:r})=>{let a=s=>n=>n.unreadable?o`<span class="muted">–</span>`:s(n);return[{name:"name",title:e("keys.name"),sort:({name:s})=>s?.toLowerCase(),cell:s=>o`<${Ot} apiKey=${s} />`},{name:"scopes",title:e("keys.scopesShort"),cell:a(s=>o`<span class="ellipsis key-scopes" title=${s.scopes.join(", ")}>${Ct(s.scopes,t)}</span>`)},!t&&{name:"webhook",title:e("keys.reaches"),cell:a(({webhook_id:s})=>s?o`<${M} value=${s} what=${e("keys.webhookId")} href=${C(`/webhooks/${s}`)} />`:e("common.all"))},t&&{name:"maker",title:e("keys.maker"),cell:a(s=>s.created_by?o`<span class="mono">${s.created_by}</span>`:e("keys.operator"))},{name:"made",title:e("keys.made"),sort:({created_at:s})=>s,cell:a(s=>o`<${x} at=${s.created_at} />`)},{name:"ends",title:e("keys.ends"),sort:({expires_at:s})=>s,cell:a(s=>o`<${Ft} apiKey=${s} />`)},{name:"used",title:e("keys.used"),sort:({last_used_at:s})=>s,cell:a(s=>s.last_used_at?o`<${x} at=${s.last_used_at} />`:o`<span class="muted">${e("keys.unused")}</span>`)},{name:"revoke",title:e("keys.revoke"),right:!0,cell:s=>o`<${Ae} icon="trash" kind="small" label=${e("keys.revokeWhat",{name:s.name??s.id})} onClick=${()=>r(s)} />`}].filter(Boolean)},Ot=({apiKey:t})=>t.unreadable?o`<span title=${e("common.unreadable")}>${e("keys.unreadable")} <small class="mono muted">${t.id}</small></span>`:o`
    <span class="key-name">
      <span class="ellipsis" title=${t.name}>${t.name}</span>
      <span class="below"><small class="mono muted">${t.prefix}</small>
        ${t.kind==="console_link"&&o`<span class="chip">${e("keys.linkChip")}</span>`}
        ${Tt(t)&&o`<span class="chip">${e("keys.inUse")}</span>`}
        ${t.erasing&&o`<${P} value="erasing" />`}
      </span>
    </span>`,Ft=({apiKey:t})=>t.expires_at?ct(t)?o`<${P} value="expired" />`:o`<${x} at=${t.expires_at} />`:o`<span class="muted">${e("keys.never")}</span>`;var qt=t=>t.kind==="console_link"?"link":T()?"platform":"account";function he({who:t}){let r=qt(t),a=t.webhook_id&&o`<${M} value=${t.webhook_id} what=${e("keys.webhookId")} whole href=${C(`/webhooks/${t.webhook_id}`)} />`;return o`
    <${b} title=${e("keys.tabs.mine")}>
      <div class="stack">
        <${Z} of=${[[e("keys.name"),o`<span class="anywhere">${t.name}</span>`],[e("keys.prefix"),o`<${M} value=${t.prefix} what=${e("keys.prefix")} whole />`],[e("keys.kind"),e(`keys.kinds.${r}`)],[e("keys.reaches"),a??(r==="platform"?e("keys.reachesAccounts"):e("keys.reachesAccount",{name:t.account?.name??""}))],[e("keys.made"),t.created_at&&o`<${x} at=${t.created_at} />`],[e("keys.ends"),t.expires_at?o`<${x} at=${t.expires_at} /> <span class="muted">(<${x} at=${t.expires_at} relative />)</span>`:e("keys.never")]]} />
        <div>
          <h3>${e("keys.may")}</h3>
          <ul class="scopes">
            ${Q.map(s=>o`
              <li key=${s} class=${t.scopes.includes(s)?"":"muted"}>
                <code>${s}</code><span>${t.scopes.includes(s)?e(`keys.scopes.${s}`):e("keys.lacks")}</span>
              </li>`)}
          </ul>
        </div>
        ${r==="account"&&o`<${_}>${e("keys.askPlatform")}<//>`}
        ${r==="link"&&o`<${_}>${e("keys.askLink")}<//>`}
      </div>
    <//>`}function Et(){let{who:t,accountId:r}=R(g),{tab:a}=N(),s=o`<${p} icon="signOut" onClick=${()=>Se(()=>we())}>${e("top.signOut")}<//>`;if(!T())return o`<${E} title=${e("keys.title")} actions=${s}><${he} who=${t} /><//>`;let n=[...r?[["account",e("keys.tabs.account",{name:t.account?.name??r})]]:[],["platform",e("keys.tabs.platform")],["mine",e("keys.tabs.mine")]],i=n.some(([c])=>c===a)?a:n[0][0];return o`
    <${E} title=${e("keys.title")} actions=${s}>
      <${Pe} tabs=${n} label=${e("keys.tabs.label")} />
      ${!r&&i==="platform"&&o`<p class="keys-hint">${e("keys.noAccount")} <a href=${C("/accounts")}>${e("keys.chooseAccount")}</a></p>`}
      ${i==="mine"?o`<${he} who=${t} />`:o`<${pt} key=${i} ofPlatform=${i==="platform"} />`}
    <//>`}Le(Be);_e(Re);export{bt as Account,vt as Accounts,Et as Keys};
