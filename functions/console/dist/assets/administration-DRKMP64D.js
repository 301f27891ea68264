import{b as de,c as G,d as Oe}from"./chunk-S22XDSWP.js";import{a as Fe}from"./chunk-ULY5DIEC.js";import{a as I,b as De}from"./chunk-HIP7UDUZ.js";import{a as oe}from"./chunk-U25AU6OV.js";import{a as U,b as te}from"./chunk-E7RPRKJB.js";import{a as Me}from"./chunk-YIQRCJXS.js";import{d as A,e as Ae,f as O,g as M,i as Q,j as F,k as y,l as Z,n as b,o as J,p as X,q as j,r as ee,s as E,u as x,v as D,w as Ee,x as Ne}from"./chunk-TMLO5BIS.js";import{B as R,F as p,G as Ce,H as Se,I as _,K as P,M as V,N as qe,c as w,d as be,e as q,h as W,i as T,n as we,o as ge,p as ve,q as k,r as N,s as xe,t as o,u as _e,v as e}from"./chunk-JDEVLQNA.js";import{e as Te}from"./chunk-LRF4DBS5.js";import{d as f,e as ye,g as Y,i as H,k as K}from"./chunk-JGVKQESF.js";var Ie={keys:{title:"Keys",tabs:{label:"Kinds of keys",account:"Keys of {name}",platform:"Platform keys",mine:"Your key"},noAccount:"Your key acts for no account, so you see the keys of the platform.",chooseAccount:"Choose an account to see its keys",name:"Name",prefix:"Begins with",kind:"Kind",kinds:{account:"Key of an account",platform:"Key of the platform",link:"Console link"},reaches:"Reaches",reachesAccount:"All of {name}",reachesAccounts:"Every account of the platform",wholeAccount:"The whole account",webhookId:"webhook id",made:"Made",maker:"Made by",operator:"the operator",ends:"Ends",never:"Never",used:"Last used",unused:"Not used",inUse:"in use",linkChip:"link",unreadable:"cannot be read",may:"What it may do",lacks:"This key may not.",scopesShort:"Scopes",scopes:{"webhooks:read":"Reads webhooks and subscriptions.","webhooks:write":"Creates, changes and deletes webhooks and subscriptions.","deliveries:read":"Reads reports, deliveries, replays and figures.","deliveries:write":"Sends deliveries again and starts replays.","reports:write":"Hands over reports, which are then delivered.","reports:erase":"Erases reports for good.",platform:"Manages accounts and keys, and acts for any account within its other scopes."},presets:{read:"Read only",engine:"Hand over reports",all:"Everything"},askPlatform:"Your platform makes and revokes keys. Ask it for another one, or to revoke this one if it leaked.",askLink:"You opened the console with a link of your platform. When it ends, open a new one there.",aboutAccount:"These keys see this account and nothing else. Callhook stores only a hash, so a key is shown once, when it is made. The time of the last use may be an hour late.",aboutPlatform:"These keys manage all accounts. A key gives no more than it has: the keys that it makes have no further scopes and end no later. A revoked key leaves those that it made, unless you revoke them with it.",emptyTitle:"No keys yet",emptyText:"A program that calls the API for this account needs one.",newKey:"New key",newLink:"New link",newKeyOf:"New key of {name}",newPlatformKey:"New key of the platform",newLinkOf:"New console link for {name}",nameHint:'Say who uses it, such as "dialer, production".',linkNameHint:'Shown in the list, such as "panel, user 17".',chooseScopes:"Choose at least one.",endsHint:"A key ends no later than yours.",latest:"As late as possible",days:{one:"In {count} day",other:"In {count} days"},otherDays:"Days from now",otherMinutes:"Minutes from now",lasts:"Ends after",onlyWebhook:"Only this webhook",onlyWebhookHint:"The id of a webhook: the key then reaches that webhook and its deliveries. It cannot be changed later.",make:"Make the key",makeLink:"Make the link",madeTitle:"New key: {name}",madeUse:"Programs send it as a bearer token. With the key in KEY, this call says what it is:",aboutLink:"A link opens this console for a customer of yours, without a password. Make it when the customer opens the page in your panel, and redirect to it. Do not store it.",link:"the link",linkTitle:"New console link: {name}",linkUse:"The link works for each person who has it, until it ends.",openLink:"Open it",revoke:"Revoke",revokeWhat:"Revoke {name}",revokeTitle:"Revoke {name}?",revokeText:"Programs that use this key stop working within 60 seconds. A revoked key cannot be used again.",revokeLinkText:"Consoles that were opened with this link stop working within 60 seconds.",revokeOwn:"You are signed in with this key, or with one that it made. The console signs you out once it is refused.",cascade:"Revoke the keys that it made as well",cascadeText:"Also revokes the keys that it made, the keys that those made, and so on, of the platform and of all accounts.",noCascadeText:"The keys that it made keep working.",revoked:{one:"The key was revoked",other:"{count} keys were revoked"}},account:{title:"Account",facts:"About the account",name:"Name",id:"Id",status:"Status",made:"Made",zone:"Time zone",zoneHint:"An IANA name such as Asia/Kolkata; UTC if empty.",zoneMeaning:"The clock of the times in its reports, which carry no zone. The console shows times on it as well.",retention:"Retention",retentionDays:"Retention in days",retentionHint:"1 to 365 days; 30 if empty.",retentionMeaning:"How long reports and deliveries are kept, from the last attempt.",days:{one:"{count} day",other:"{count} days"},operational:"Operational webhook",operationalMeaning:"Is told when a webhook of the account fails, rests, recovers or is disabled.",operationalHint:"The id of an active webhook of the account.",quotas:"Quotas",quota:{webhooks:"Webhooks",subscriptions:"Subscriptions",reports_per_second:"Reports a second",deliveries_per_second:"Deliveries a second"},quotaMeaning:{webhooks:"The most that the account has at a time. One more is refused until one is deleted.",subscriptions:"The most that the account has at a time. One more is refused until one is deleted.",reports_per_second:"Reports that are accepted. More are refused with 429, and can be sent again after a moment.",deliveries_per_second:"First attempts that begin. More wait for their turn; retries, resends and replays do not count."},quotaHint:{webhooks:"1,000 if empty.",subscriptions:"5,000 if empty.",reports_per_second:"What the deployment says if empty.",deliveries_per_second:"What the deployment says if empty."},quotaDefault:{webhooks:"1,000",subscriptions:"5,000",reports_per_second:"Default",deliveries_per_second:"Default"},byDeployment:"Default",limitedKey:"Your key reaches one webhook, so it does not see the quotas of the account.",askPlatform:"Your platform sets these. Ask it to change them.",editTitle:"Change the account",eraseTitle:"Erase the account",eraseAbout:"Erases the account with all that is stored of it. This cannot be undone.",erase:"Erase the account…",eraseAsk:"Erase {name}?",eraseGoes:"Within 60 seconds its keys are refused, and no reports are accepted or delivered. Then these go for good:",goes:{webhooks:"webhooks, subscriptions and secrets",deliveries:"reports, deliveries and their attempts, also those that are not delivered yet",figures:"figures and replays",keys:"all keys and console links",id:"the id: it cannot be used again for 211 days"},eraseType:"Type {id} to confirm",eraseNow:"Erase for good",erasing:"This account is being erased. That takes some minutes at least; until then nothing in it can be made or changed.",erased:"The account {id} is erased."},accounts:{title:"Accounts",search:"Search",searchHint:"Name, id or zone",new:"New account",make:"Make the account",made:"{name} was made",idHint:"Up to 64 letters, digits, - and _. It cannot be changed later.",idPlaceholder:"Chosen by Callhook",emptyTitle:"No accounts yet",emptyText:"An account holds the webhooks and reports of one customer. Make the first one, then act for it to make its keys.",noMatch:"No account matches",noMatchText:"The search looks at the accounts that are shown. Clear it to see all of them.",actFor:"Act for it",actForWhat:"Act for it: {name}",acting:"Act for",current:"acting for it",stopActing:"Stop acting"}};var Le=".scopes{display:grid;margin-top:var(--s2)}.scopes li{display:grid;grid-template-columns:150px minmax(0,1fr);gap:var(--s2) var(--s4);padding:var(--s1) 0}.scopes-field{display:grid;gap:var(--s2);min-width:0;margin:0;padding:0;border:0;justify-items:start}.scopes-field legend{padding:0 0 var(--s1);font-weight:500}.scopes-field .error{color:var(--failed);font-size:var(--text-s);line-height:16px}.scopes-field .check{align-items:baseline}.scopes-field .check input{align-self:start;margin-top:2px}.scopes-field .button[aria-pressed=true]{background:var(--accent-soft);border-color:var(--accent);color:var(--accent-strong)}.keys-about{padding:var(--s3) var(--s4) 0;max-width:840px}.keys-hint a{text-decoration:underline}.keys-hint{margin-bottom:var(--s4)}.key-name{display:grid;gap:2px;min-width:0}.key-name .below{display:flex;flex-wrap:wrap;align-items:center;gap:0 var(--s2);line-height:16px}@media(min-width:601px){.key-scopes{max-width:150px}.key-name{max-width:240px;line-height:18px;padding:2px 0}.keys-table th:last-child,.keys-table td:last-child{position:sticky;right:0;background:var(--surface)}}@media(max-width:600px){.key-name .below{justify-content:flex-end}.scopes li{grid-template-columns:minmax(0,1fr);gap:0}}.accounts-below{margin-top:var(--s4)}.quotas-field{min-width:0;margin:0;padding:0;border:0}.quotas-field legend{padding:0 0 var(--s2);font-weight:600}.quota-list{display:grid}.quota-list>li{display:grid;grid-template-columns:minmax(160px,220px) 140px minmax(0,1fr);gap:var(--s1) var(--s4);padding:var(--s2) 0;border-top:1px solid var(--border)}.quota-list>li:first-child{border-top:0;padding-top:0}.quota-list .value{font-weight:600;font-variant-numeric:tabular-nums}@media(max-width:600px){.quota-list>li{grid-template-columns:minmax(0,1fr) max-content}.quota-list .meaning{grid-column:1 / -1}}.bullets{list-style:disc;padding-left:20px;display:grid;gap:var(--s1)}.form .quotas-field .row{grid-template-columns:repeat(auto-fit,minmax(min(100%,280px),1fr))}";var B=[{name:"webhooks",least:0,most:1e5},{name:"subscriptions",least:0,most:1e5},{name:"reports_per_second",least:1,most:1e4},{name:"deliveries_per_second",least:1,most:5e4}];function se(t={}){return{id:t.id??"",name:t.name??"",time_zone:t.time_zone??"",retention_days:String(t.retention_days??""),operational_webhook_id:t.operational_webhook_id??"",quotas:Object.fromEntries(B.map(({name:a})=>[a,String(t.quotas?.[a]??"")]))}}var ze=t=>t.trim()?Number(t):null;function ue(t){return{name:t.name.trim(),time_zone:t.time_zone.trim()||null,retention_days:ze(t.retention_days),operational_webhook_id:t.operational_webhook_id.trim()||null,quotas:Object.fromEntries(B.map(({name:a})=>[a,ze(t.quotas[a])]))}}var Pe=t=>Object.fromEntries(Object.entries(t).filter(([,a])=>a!==null));function pe(t){let{quotas:a,operational_webhook_id:r,...n}=ue(t),s=Pe(a);return{...t.id.trim()&&{id:t.id.trim()},...Pe(n),...Object.keys(s).length>0&&{quotas:s}}}function Ue(t,a){let[r,n]=[ue(t),ue(a)],s=Object.fromEntries(Object.entries(n).filter(([c,l])=>c!=="quotas"&&l!==r[c])),i=Object.fromEntries(Object.entries(n.quotas).filter(([c,l])=>l!==r.quotas[c]));return Object.keys(i).length?{...s,quotas:i}:s}function Be(t,a=""){let r=a.trim().toLowerCase();return t.filter(({id:n,name:s="",time_zone:i=""})=>[n,s,i].some(c=>c.toLowerCase().includes(r)))}var He=()=>["UTC",...Intl.supportedValuesOf?.("timeZone")??[]];function Ke({account:t}){let{who:a}=w.get(),r=a.account?.id===t.id,n=t.operational_webhook_id;return o`
    <${y} title=${e("account.facts")}>
      <${Z} of=${[[e("account.name"),o`<span class="anywhere">${t.name}</span>`],[e("account.id"),o`<${D} value=${t.id} what=${e("account.id")} whole />`],[e("account.zone"),o`${t.time_zone} <div class="muted">${e("account.zoneMeaning")}</div>`],[e("account.retention"),o`${e("account.days",{count:t.retention_days})} <div class="muted">${e("account.retentionMeaning")}</div>`],[e("account.operational"),t.quotas&&o`
          ${n?o`<${D} value=${n} what=${e("keys.webhookId")} whole href=${r&&W("webhooks:read")?A(`/webhooks/${n}`):void 0} />`:e("common.none")}
          <div class="muted">${e("account.operationalMeaning")}</div>`],[e("account.made"),t.created_at&&o`<${x} at=${t.created_at} />`]]} />
    <//>
    ${t.quotas?o`<${it} quotas=${t.quotas} />`:o`<${_}>${e("account.limitedKey")}<//>`}
    ${!T()&&t.quotas&&o`<${_}>${e("account.askPlatform")}<//>`}`}var it=({quotas:t})=>o`
  <${y} title=${e("account.quotas")}>
    <ul class="quota-list">
      ${B.map(({name:a})=>o`
        <li key=${a}>
          <span>${e(`account.quota.${a}`)}</span>
          <span class="value">${t[a]?.toLocaleString("en")??e("account.byDeployment")}</span>
          <span class="meaning muted">${e(`account.quotaMeaning.${a}`)}</span>
        </li>`)}
    </ul>
  <//>`;var L=({error:t,fields:a})=>t?.fields?.length>0&&t.fields.every(({field:n})=>a.some(s=>n===s||n.startsWith(`${s}.`)))?null:o`<${P} error=${t} />`;function ne({form:t,onForm:a,error:r,children:n}){let s=H(),i=Y(He,[]),c=m=>u=>a({...t,[m]:u}),l=m=>u=>a({...t,quotas:{...t.quotas,[m]:u}}),d=m=>r?.field?.(m);return o`
    <${b} label=${e("account.name")} value=${t.name} onValue=${c("name")} error=${d("name")} required maxlength="100" autofocus autocomplete="off" />
    ${n}
    <div class="row">
      <${b} label=${e("account.zone")} hint=${e("account.zoneHint")} value=${t.time_zone} onValue=${c("time_zone")} error=${d("time_zone")}
        list=${s} placeholder="UTC" autocomplete="off" spellcheck=${!1} />
      <datalist id=${s}>${i.map(m=>o`<option key=${m} value=${m} />`)}</datalist>
      <${b} label=${e("account.retentionDays")} hint=${e("account.retentionHint")} type="number" min="1" max="365" placeholder="30" value=${t.retention_days}
        onValue=${c("retention_days")} error=${d("retention_days")} />
    </div>
    <fieldset class="quotas-field">
      <legend>${e("account.quotas")}</legend>
      <div class="row">
        ${B.map(({name:m,least:u,most:h})=>o`
          <${b} key=${m} label=${e(`account.quota.${m}`)} hint=${e(`account.quotaHint.${m}`)} type="number" min=${u} max=${h} placeholder=${e(`account.quotaDefault.${m}`)}
            value=${t.quotas[m]} onValue=${l(m)} error=${d(`quotas.${m}`)} />`)}
      </div>
    </fieldset>`}var ae=["id","name","time_zone","retention_days","operational_webhook_id",...B.map(({name:t})=>`quotas.${t}`)];function We({account:t,onClose:a,onSaved:r}){let n=Y(()=>se(t),[t]),[s,i]=f(n),{busy:c,error:l,run:d}=E(),m=Ue(n,s),u=Object.keys(m).length>0,h=g=>(g.preventDefault(),u?d(async()=>{let v=await k("changeAccount",{params:{id:t.id},body:m});R(e("common.saved")),r(v)}):a());return o`
    <${y} title=${e("account.editTitle")}>
      <${I} when=${u} />
      <form class="form" onSubmit=${h}>
        <${ne} form=${s} onForm=${i} error=${l}>
          <${ct} account=${t} value=${s.operational_webhook_id} error=${l?.field?.("operational_webhook_id")}
            onValue=${g=>i({...s,operational_webhook_id:g})} />
        <//>
        <${L} error=${l} fields=${ae} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${c}>${e("common.save")}<//>
          <${p} onClick=${a}>${e("common.cancel")}<//>
        </div>
      </form>
    <//>`}function ct({account:t,value:a,onValue:r,error:n}){let s=H(),{data:i}=j(d=>W("webhooks:read")?k("listWebhooks",{query:{limit:100},as:be(),actFor:t.id,signal:d}):Promise.resolve({data:[]}),[t.id]),c=i?.data.filter(({status:d})=>d==="active")??[],l=c.find(({id:d})=>d===a.trim());return o`
    <${b} label=${e("account.operational")} hint=${l?l.name:e("account.operationalHint")} value=${a} onValue=${r} error=${n} mono
      list=${s} placeholder=${e("common.none")} autocomplete="off" spellcheck=${!1} />
    <datalist id=${s}>${c.map(({id:d,name:m})=>o`<option key=${d} value=${d}>${m}</option>`)}</datalist>`}function Re({account:t,onErasing:a}){let[r,n]=f(!1);return o`
    <${y} title=${e("account.eraseTitle")}>
      <div class="stack">
        <p>${e("account.eraseAbout")}</p>
        <div><${p} kind="danger" icon="trash" onClick=${()=>n(!0)}>${e("account.erase")}<//></div>
      </div>
      ${r&&o`<${lt} account=${t} onClose=${()=>n(!1)} onErasing=${a} />`}
    <//>`}function lt({account:t,onClose:a,onErasing:r}){let[n,s]=f(""),{busy:i,error:c,run:l}=E(),d=n===t.id,m=h=>{h.preventDefault(),d&&l(async()=>r(await k("eraseAccount",{params:{id:t.id},query:{confirm:n}})))},u=o`
    <${p} autofocus onClick=${a}>${e("common.cancel")}<//>
    <${p} kind="danger primary" busy=${i} disabled=${!d} onClick=${m}>${e("account.eraseNow")}<//>`;return o`
    <${Ee} title=${e("account.eraseAsk",{name:t.name})} onClose=${a} footer=${u}>
      <p>${e("account.eraseGoes")}</p>
      <ul class="bullets">${["webhooks","deliveries","figures","keys","id"].map(h=>o`<li key=${h}>${e(`account.goes.${h}`)}</li>`)}</ul>
      <form onSubmit=${m}>
        <${b} label=${e("account.eraseType",{id:t.id})} value=${n} onValue=${s} mono autocomplete="off" spellcheck=${!1} />
      </form>
      <${P} error=${c} />
    <//>`}async function mt(t,a){if(T())return k("readAccount",{params:{id:t},signal:a});let r=await k("readKey",{signal:a});return ge(r),r.account}function dt({id:t}){let{accountId:a}=K(w),{edit:r}=M(),[n,s]=f(!1),i=t??a,{data:c,error:l,reload:d,setData:m}=j(S=>mt(i,S),[i],{every:n?1e4:void 0});ye(()=>{c?.status==="erasing"&&s(!0)},[c]);let u=t&&[A("/accounts"),e("accounts.title")];if(n&&l?.kind==="not-found")return o`<${F} title=${e("account.title")} back=${u}><${_}>${e("account.erased",{id:i})}<//><//>`;if(!c)return o`<${F} title=${e("account.title")} back=${u}>${l?o`<${P} error=${l} retry=${d} />`:o`<${y}><${qe} lines=${8} /><//>`}<//>`;let g=c.status==="erasing",v=T()&&!g,z=S=>{m(S),O({edit:void 0}),S.id===a&&de(a).catch(()=>{})},C=S=>{m(S),S.id===a&&de(null).catch(()=>{})},$=v&&o`
    ${a!==c.id&&o`<${p} onClick=${()=>G(c)}>${e("accounts.actFor")}<//>`}
    ${!r&&o`<${p} kind="primary" icon="edit" onClick=${()=>O({edit:1})}>${e("common.edit")}<//>`}`;return o`
    <${F} title=${c.name} back=${u} actions=${$} beside=${o`<${U} value=${c.status??"active"} />`}>
      <div class="stack">
        ${l&&o`<${P} error=${l} retry=${d} />`}
        ${g&&o`<${_} kind="warning">${e("account.erasing")}<//>`}
        ${r&&v?o`<${We} account=${c} onClose=${()=>O({edit:void 0})} onSaved=${z} />`:o`<${Ke} account=${c} />`}
        ${v&&!r&&o`<${Re} account=${c} onErasing=${C} />`}
      </div>
    <//>`}function Ve({account:t,isCurrent:a,busyId:r,onBusy:n}){if(a)return o`<span class="chip">${e("accounts.current")}</span>`;if(t.status!=="active")return null;let s=async()=>{n(t.id),await G(t),n(null)};return o`<${p} kind="small" busy=${r===t.id} aria-label=${e("accounts.actForWhat",{name:t.name})} onClick=${s}>${e("accounts.actFor")}<//>`}var je=se(),ut="[A-Za-z0-9_\\-]{1,64}";function Qe({onClose:t,onMade:a}){let[r,n]=f(je),{busy:s,error:i,run:c}=E(),[l,d]=f(!1),m=u=>{u.preventDefault(),c(async()=>{let h=await k("createAccount",{body:pe(r)});d(!0),R(e("accounts.made",{name:h.name})),setTimeout(()=>a(h))})};return o`
    <${y} title=${e("accounts.new")}>
      <${I} when=${r!==je&&!l} />
      <form class="form" onSubmit=${m}>
        <${ne} form=${r} onForm=${n} error=${i}>
          <${b} label=${e("account.id")} hint=${e("accounts.idHint")} value=${r.id} onValue=${u=>n({...r,id:u})} error=${i?.field?.("id")} mono
            pattern=${ut} maxlength="64" placeholder=${e("accounts.idPlaceholder")} autocomplete="off" spellcheck=${!1} />
        <//>
        <${L} error=${i} fields=${ae} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${s}>${e("accounts.make")}<//>
          <${p} onClick=${t}>${e("common.cancel")}<//>
        </div>
        <${V} text=${N("createAccount",{body:pe(r)})} name=${e("common.withCurl")} wrap />
      </form>
    <//>`}var $e=({id:t})=>`/accounts/${encodeURIComponent(t)}`;function pt(){let{accountId:t}=K(w),{q:a,new:r}=M(),[n,s]=f(!1),i=ee((u,h)=>T()?k("listAccounts",{query:{cursor:u,limit:100},signal:h}):Promise.resolve({data:[],next_cursor:null}),[]);if(!T())return o`<${F} title=${e("accounts.title")}><${_}>${e("common.needsScope",{scope:"platform"})}<//><//>`;let c=()=>O({new:void 0}),l=o`<${p} kind="primary" icon="plus" onClick=${()=>O({new:1})}>${e("accounts.new")}<//>`,d=i.rows&&Be(i.rows,a),m=i.rows?.length?o`<${Q} title=${e("accounts.noMatch")} text=${e("accounts.noMatchText")} />`:o`<${Q} title=${e("accounts.emptyTitle")} text=${e("accounts.emptyText")} action=${l} curl=${N("createAccount",{body:{name:"Acme",time_zone:"Asia/Kolkata"}})} />`;return o`
    <${F} title=${e("accounts.title")} actions=${o`${t&&o`<${p} onClick=${Oe}>${e("accounts.stopActing")}<//>`}${!r&&l}`}>
      ${r&&o`<${Qe} onClose=${c} onMade=${u=>Ae($e(u))} />`}
      <div class=${r?"accounts-below":""}>
        <${Fe} label=${e("accounts.search")} fields=${[{name:"q",label:e("accounts.search"),type:"search",placeholder:e("accounts.searchHint")}]} />
        <section class="panel">
          <${te} label=${e("accounts.title")} pages=${{...i,rows:d}} columns=${$t({accountId:t,chosen:n,onChosen:s})} empty=${m}
            linkOf=${u=>u.unreadable?void 0:A($e(u))} />
        </section>
      </div>
    <//>`}var $t=({accountId:t,chosen:a,onChosen:r})=>{let n=s=>i=>i.unreadable?o`<span class="muted">–</span>`:s(i);return[{name:"name",title:e("account.name"),sort:({name:s})=>s?.toLowerCase(),cell:s=>s.unreadable?o`<span title=${e("common.unreadable")}>${e("keys.unreadable")}</span>`:o`<a class="ellipsis" href=${A($e(s))} title=${s.name}>${s.name}</a>`},{name:"id",title:e("account.id"),sort:({id:s})=>s,cell:({id:s})=>o`<span class="mono ellipsis" title=${s}>${s}</span>`},{name:"zone",title:e("account.zone"),sort:({time_zone:s})=>s,cell:n(s=>s.time_zone)},{name:"retention",title:e("account.retentionDays"),right:!0,sort:({retention_days:s})=>s,cell:n(s=>s.retention_days)},{name:"status",title:e("account.status"),sort:({status:s})=>s,cell:n(s=>o`<${U} value=${s.status} />`)},{name:"made",title:e("account.made"),sort:({created_at:s})=>s,cell:n(s=>o`<${x} at=${s.created_at} />`)},{name:"act",title:e("accounts.acting"),right:!0,cell:n(s=>o`<${Ve} account=${s} isCurrent=${s.id===t} busyId=${a} onBusy=${r} />`)}]};var re=["webhooks:read","webhooks:write","deliveries:read","deliveries:write","reports:write","reports:erase","platform"],ie=(t,a)=>re.filter(r=>t.includes(r)&&(a||r!=="platform"));function Ye(t){return[["read",["webhooks:read","deliveries:read"]],["engine",["reports:write"]],["all",t]].map(([r,n])=>[r,n.filter(s=>t.includes(s))]).filter(([,r])=>r.length)}var Ge=(t,a)=>re.filter(r=>r===a?!t.includes(a):t.includes(r)),Ze=["","7","30","90","365","other"],Je=["900","3600","28800","86400","other"];function Xe({name:t,scopes:a,days:r,otherDays:n,webhookId:s}){let i=r==="other"?n:r;return{name:t.trim(),scopes:a,...i&&{expires_in_days:Number(i)},...s?.trim()&&{webhook_id:s.trim()}}}function fe({name:t,scopes:a,seconds:r,otherMinutes:n,webhookId:s}){return{scopes:a,expires_in_seconds:r==="other"?Math.round(Number(n)*60):Number(r),...t.trim()&&{name:t.trim()},...s?.trim()&&{webhook_id:s.trim()}}}var et=(t,a=Date.now())=>!!t.expires_at&&Date.parse(t.expires_at)<=a;function ke(t){try{return/^https?:$/.test(new URL(t).protocol)?t:null}catch{return null}}function ce({given:t,value:a,onValue:r,error:n}){return o`
    <fieldset class="scopes-field" aria-invalid=${n?"true":void 0}>
      <legend>${e("keys.may")}</legend>
      <div class="buttons">
        ${Ye(t).map(([s,i])=>o`<${p} key=${s} kind="small" aria-pressed=${i.join()===a.join()} onClick=${()=>r(i)}>${e(`keys.presets.${s}`)}<//>`)}
      </div>
      ${t.map(s=>o`
        <${X} key=${s} checked=${a.includes(s)} onValue=${()=>r(Ge(a,s))}
          label=${o`<code>${s}</code> <span class="muted">${e(`keys.scopes.${s}`)}</span>`} />`)}
      ${n&&o`<p class="error" role="alert">${n}</p>`}
    </fieldset>`}function le({value:t,onValue:a,error:r}){let n=H(),{data:s}=j(l=>W("webhooks:read")?k("listWebhooks",{query:{limit:100},signal:l}):Promise.resolve({data:[]}),[]),i=s?.data.filter(({unreadable:l})=>!l)??[],c=i.find(({id:l})=>l===t.trim());return o`
    <${b} label=${e("keys.onlyWebhook")} hint=${c?c.name:e("keys.onlyWebhookHint")} error=${r} value=${t} onValue=${a} mono
      list=${n} placeholder=${e("keys.wholeAccount")} autocomplete="off" spellcheck=${!1} />
    <datalist id=${n}>${i.map(({id:l,name:d})=>o`<option key=${l} value=${l}>${d}</option>`)}</datalist>`}var tt={name:"",scopes:[],days:"",otherDays:"30",webhookId:""};function ot({ofPlatform:t,onClose:a,onMade:r}){let{who:n}=w.get(),[s,i]=f(tt),[c,l]=f(null),[d,m]=f(!1),{busy:u,error:h,run:g}=E(),v=$=>S=>i(me=>({...me,[$]:S})),z=$=>{$.preventDefault(),m(!s.scopes.length),s.scopes.length&&g(async()=>l(await k(t?"createPlatformKey":"createAccountKey",{params:{id:q()},body:Xe(s)})))},C=$=>h?.field?.($);return c?o`
      <${oe} title=${e("keys.madeTitle",{name:c.name})} secret=${c.key} name=${e("signIn.key")} onClose=${r}>
        <p>${e("keys.madeUse")}</p>
        <${V} text=${`curl -sS ${xe(ve("readKey").href)} -H "Authorization: Bearer $KEY"`} name="curl" wrap copies=${!1} />
      <//>`:o`
    <${y} title=${t?e("keys.newPlatformKey"):e("keys.newKeyOf",{name:n.account?.name??q()})}>
      <${I} when=${s!==tt} />
      <form class="form" onSubmit=${z}>
        <${b} label=${e("keys.name")} hint=${e("keys.nameHint")} value=${s.name} onValue=${v("name")} error=${C("name")} required maxlength="100" autofocus autocomplete="off" />
        <${ce} given=${ie(n.scopes,t)} value=${s.scopes} onValue=${v("scopes")} error=${C("scopes")??(d&&!s.scopes.length?e("keys.chooseScopes"):null)} />
        <div class="row">
          <${J} label=${e("keys.ends")} hint=${e("keys.endsHint")} value=${s.days} onValue=${v("days")} error=${C("expires_in_days")}
            options=${Ze.map($=>[$,$===""?e("keys.latest"):$==="other"?e("keys.otherDays"):e("keys.days",{count:Number($)})])} />
          ${s.days==="other"&&o`<${b} label=${e("keys.otherDays")} type="number" min="1" max="3650" required value=${s.otherDays} onValue=${v("otherDays")} />`}
        </div>
        ${!t&&o`<${le} value=${s.webhookId} onValue=${v("webhookId")} error=${C("webhook_id")} />`}
        <${L} error=${h} fields=${["name","scopes","expires_in_days","expires_in_seconds","webhook_id"]} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${u}>${e("keys.make")}<//>
          <${p} onClick=${a}>${e("common.cancel")}<//>
        </div>
      </form>
    <//>`}function st({onClose:t,onMade:a}){let{who:r}=w.get(),n=ie(r.scopes,!1),[s]=f(()=>({name:"",scopes:n.filter($=>/^(webhooks|deliveries):read$/.test($)),seconds:"3600",otherMinutes:"30",webhookId:""})),[i,c]=f(s),[l,d]=f(null),{busy:m,error:u,run:h}=E(),g=$=>S=>c(me=>({...me,[$]:S})),v={id:q()},z=$=>{$.preventDefault(),i.scopes.length&&h(async()=>d(await k("createConsoleLink",{params:v,body:fe(i)})))},C=$=>u?.field?.($);return l?o`<${ft} made=${l} onClose=${a} />`:o`
    <${y} title=${e("keys.newLinkOf",{name:r.account?.name??q()})}>
      <${I} when=${i!==s} />
      <form class="form" onSubmit=${z}>
        <p class="muted">${e("keys.aboutLink")}</p>
        <${b} label=${e("keys.name")} hint=${e("keys.linkNameHint")} value=${i.name} onValue=${g("name")} error=${C("name")} maxlength="100" autofocus autocomplete="off" />
        <${ce} given=${n} value=${i.scopes} onValue=${g("scopes")} error=${C("scopes")??(i.scopes.length?null:e("keys.chooseScopes"))} />
        <div class="row">
          <${J} label=${e("keys.lasts")} value=${i.seconds} onValue=${g("seconds")} error=${C("expires_in_seconds")}
            options=${Je.map($=>[$,$==="other"?e("keys.otherMinutes"):Te(Number($)*1e3)])} />
          ${i.seconds==="other"&&o`<${b} label=${e("keys.otherMinutes")} type="number" min="1" max="1440" step="any" required value=${i.otherMinutes} onValue=${g("otherMinutes")} />`}
        </div>
        <${le} value=${i.webhookId} onValue=${g("webhookId")} error=${C("webhook_id")} />
        <${L} error=${u} fields=${["name","scopes","expires_in_days","expires_in_seconds","webhook_id"]} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${m}>${e("keys.makeLink")}<//>
          <${p} onClick=${t}>${e("common.cancel")}<//>
        </div>
        <${V} text=${N("createConsoleLink",{params:v,body:fe(i)})} name=${e("common.withCurl")} wrap />
      </form>
    <//>`}var ft=({made:t,onClose:a})=>o`
  <${oe} title=${e("keys.linkTitle",{name:t.name})} secret=${t.url} name=${e("keys.link")} onClose=${a}>
    <p>${e("keys.linkUse")} ${e("keys.ends")}: <${x} at=${t.expires_at} /> (<${x} at=${t.expires_at} relative />).</p>
    ${ke(t.url)&&o`<div><${Se} icon="external" href=${ke(t.url)} target="_blank" rel="noreferrer">${e("keys.openLink")}<//></div>`}
  <//>`;async function kt(t){let a=0;for(;;){let r=await k("revokePlatformKey",{params:{key_id:t},query:{cascade:"true"}});if(a+=r.revoked,r.is_complete)return a}}function nt({apiKey:t,ofPlatform:a,onClose:r,onRevoked:n}){let[s,i]=f(!1),{who:c}=w.get(),l=t.name??t.id,d=async()=>{let m=1;a?s?m=await kt(t.id):await k("revokePlatformKey",{params:{key_id:t.id}}):await k("revokeAccountKey",{params:{id:q(),key_id:t.id}}),R(e("keys.revoked",{count:m})),r(),n()};return o`
    <${Ne} title=${e("keys.revokeTitle",{name:l})} action=${e("keys.revoke")} onConfirm=${d} onClose=${r}>
      <p><code>${t.prefix??t.id}</code></p>
      <p>${e(t.kind==="console_link"?"keys.revokeLinkText":"keys.revokeText")}</p>
      ${t.id===c.id&&o`<${_} kind="warning">${e("keys.revokeOwn")}<//>`}
      ${a&&o`
        <${X} label=${e("keys.cascade")} checked=${s} onValue=${i} />
        <p class="muted">${e(s?"keys.cascadeText":"keys.noCascadeText")}</p>
        ${s&&c.created_by===t.id&&o`<${_} kind="warning">${e("keys.revokeOwn")}<//>`}`}
    <//>`}function at({ofPlatform:t}){let a=t?null:q(),{new:r}=M(),[n,s]=f(null),i=t?"listPlatformKeys":"listAccountKeys",c=t?void 0:{id:a},l=ee((v,z)=>k(i,{params:c,query:{cursor:v,limit:100},signal:z}),[i,a]),d=()=>O({new:void 0}),m=()=>{d(),l.reload()},u=o`<${p} kind="primary" icon="plus" onClick=${()=>O({new:"key"})}>${e("keys.newKey")}<//>`,h=!t&&o`<${p} icon="external" onClick=${()=>O({new:"link"})}>${e("keys.newLink")}<//>`,g=o`<${Q} title=${e("keys.emptyTitle")} text=${e("keys.emptyText")} action=${u}
    curl=${!t&&N("createAccountKey",{params:c,body:{name:"engine",scopes:["reports:write"]}})} />`;return o`
    <div class="stack">
      ${r==="key"&&o`<${ot} key=${`key ${a}`} ofPlatform=${t} onClose=${d} onMade=${m} />`}
      ${r==="link"&&!t&&o`<${st} key=${`link ${a}`} onClose=${d} onMade=${m} />`}
      <${y} title=${t?e("keys.tabs.platform"):e("keys.tabs.account",{name:w.get().who.account?.name??a})} actions=${o`${h}${u}`} flush>
        <p class="keys-about muted">${e(t?"keys.aboutPlatform":"keys.aboutAccount")}</p>
        <div class="keys-table"><${te} label=${e("keys.title")} pages=${l} columns=${yt({ofPlatform:t,onRevoke:s})} empty=${g} /></div>
      <//>
      ${n&&o`<${nt} apiKey=${n} ofPlatform=${t} onClose=${()=>s(null)} onRevoked=${l.reload} />`}
    </div>`}var ht=t=>t.id===w.get().who.id,yt=({ofPlatform:t,onRevoke:a})=>{let r=n=>s=>s.unreadable?o`<span class="muted">–</span>`:n(s);return[{name:"name",title:e("keys.name"),sort:({name:n})=>n?.toLowerCase(),cell:n=>o`<${bt} apiKey=${n} />`},{name:"scopes",title:e("keys.scopesShort"),cell:r(n=>o`<span class="ellipsis key-scopes" title=${n.scopes.join(", ")}>${n.scopes.join(", ")}</span>`)},!t&&{name:"webhook",title:e("keys.reaches"),cell:r(({webhook_id:n})=>n?o`<${D} value=${n} what=${e("keys.webhookId")} href=${A(`/webhooks/${n}`)} />`:e("common.all"))},t&&{name:"maker",title:e("keys.maker"),cell:r(n=>n.created_by?o`<span class="mono">${n.created_by}</span>`:e("keys.operator"))},{name:"made",title:e("keys.made"),sort:({created_at:n})=>n,cell:r(n=>o`<${x} at=${n.created_at} />`)},{name:"ends",title:e("keys.ends"),sort:({expires_at:n})=>n,cell:r(n=>o`<${wt} apiKey=${n} />`)},{name:"used",title:e("keys.used"),sort:({last_used_at:n})=>n,cell:r(n=>n.last_used_at?o`<${x} at=${n.last_used_at} />`:o`<span class="muted">${e("keys.unused")}</span>`)},{name:"revoke",title:e("keys.revoke"),right:!0,cell:n=>o`<${Ce} icon="trash" kind="small" label=${e("keys.revokeWhat",{name:n.name??n.id})} onClick=${()=>a(n)} />`}].filter(Boolean)},bt=({apiKey:t})=>t.unreadable?o`<span title=${e("common.unreadable")}>${e("keys.unreadable")} <small class="mono muted">${t.id}</small></span>`:o`
    <span class="key-name">
      <span class="ellipsis" title=${t.name}>${t.name}</span>
      <span class="below"><small class="mono muted">${t.prefix}</small>
        ${t.kind==="console_link"&&o`<span class="chip">${e("keys.linkChip")}</span>`}
        ${ht(t)&&o`<span class="chip">${e("keys.inUse")}</span>`}
        ${t.erasing&&o`<${U} value="erasing" />`}
      </span>
    </span>`,wt=({apiKey:t})=>t.expires_at?et(t)?o`<${U} value="expired" />`:o`<${x} at=${t.expires_at} />`:o`<span class="muted">${e("keys.never")}</span>`;var gt=t=>t.kind==="console_link"?"link":T()?"platform":"account";function he({who:t}){let a=gt(t),r=t.webhook_id&&o`<${D} value=${t.webhook_id} what=${e("keys.webhookId")} whole href=${A(`/webhooks/${t.webhook_id}`)} />`;return o`
    <${y} title=${e("keys.tabs.mine")}>
      <div class="stack">
        <${Z} of=${[[e("keys.name"),o`<span class="anywhere">${t.name}</span>`],[e("keys.prefix"),o`<${D} value=${t.prefix} what=${e("keys.prefix")} whole />`],[e("keys.kind"),e(`keys.kinds.${a}`)],[e("keys.reaches"),r??(a==="platform"?e("keys.reachesAccounts"):e("keys.reachesAccount",{name:t.account?.name??""}))],[e("keys.made"),t.created_at&&o`<${x} at=${t.created_at} />`],[e("keys.ends"),t.expires_at?o`<${x} at=${t.expires_at} /> <span class="muted">(<${x} at=${t.expires_at} relative />)</span>`:e("keys.never")]]} />
        <div>
          <h3>${e("keys.may")}</h3>
          <ul class="scopes">
            ${re.map(n=>o`
              <li key=${n} class=${t.scopes.includes(n)?"":"muted"}>
                <code>${n}</code><span>${t.scopes.includes(n)?e(`keys.scopes.${n}`):e("keys.lacks")}</span>
              </li>`)}
          </ul>
        </div>
        ${a==="account"&&o`<${_}>${e("keys.askPlatform")}<//>`}
        ${a==="link"&&o`<${_}>${e("keys.askLink")}<//>`}
      </div>
    <//>`}function vt(){let{who:t,accountId:a}=K(w),{tab:r}=M(),n=o`<${p} icon="signOut" onClick=${()=>we()}>${e("top.signOut")}<//>`;if(!T())return o`<${F} title=${e("keys.title")} actions=${n}><${he} who=${t} /><//>`;let s=[...a?[["account",e("keys.tabs.account",{name:t.account?.name??a})]]:[],["platform",e("keys.tabs.platform")],["mine",e("keys.tabs.mine")]],i=s.some(([c])=>c===r)?r:s[0][0];return o`
    <${F} title=${e("keys.title")} actions=${n}>
      <${De} tabs=${s} label=${e("keys.tabs.label")} />
      ${!a&&i==="platform"&&o`<p class="keys-hint">${e("keys.noAccount")} <a href=${A("/accounts")}>${e("keys.chooseAccount")}</a></p>`}
      ${i==="mine"?o`<${he} who=${t} />`:o`<${at} key=${i} ofPlatform=${i==="platform"} />`}
    <//>`}Me(Le);_e(Ie);export{dt as Account,pt as Accounts,vt as Keys};
