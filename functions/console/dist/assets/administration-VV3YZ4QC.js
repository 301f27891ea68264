import{b as qe,c as Z,d as Ne}from"./chunk-ZYLBOPOQ.js";import{a as Le}from"./chunk-YYFFWFN2.js";import{a as L,b as Pe}from"./chunk-SMGMYTQN.js";import{a as oe}from"./chunk-AO2QHUO6.js";import{c as U,d as te}from"./chunk-L4LCW5UX.js";import{a as ze}from"./chunk-YIQRCJXS.js";import{A as x,C as I,a as Q,b as E,c as b,d as G,g as Ce,i as T,k as Oe,l as O,m as D,o as j,p as J,q as N,s as Me,t as De,v as w,w as X,x as ee}from"./chunk-UPYFOYXU.js";import{A as _e,B as e,G as p,H as Ae,I as Te,L as W,N as Se,P as V,Q as _,R as Ee,S as P,T as Ie,g,h as be,i as q,l as R,m as S,s as we,u as ve,v as ge,w as k,x as M,y as xe,z as o}from"./chunk-3Z2XWQ2C.js";import{e as Fe}from"./chunk-UNU4IGQQ.js";import{d as f,e as ye,g as Y,j as H,l as K}from"./chunk-4U7JGEWF.js";var Ue={keys:{title:"Keys",tabs:{label:"Kinds of keys",account:"Keys of {name}",platform:"Platform keys",mine:"Your key"},noAccount:"Your key acts for no account, so you see the keys of the platform.",chooseAccount:"Choose an account to see its keys",name:"Name",prefix:"Begins with",kind:"Kind",kinds:{account:"Key of an account",platform:"Key of the platform",link:"Console link"},reaches:"Reaches",reachesAccount:"All of {name}",reachesAccounts:"Every account of the platform",wholeAccount:"The whole account",webhookId:"webhook id",made:"Made",maker:"Made by",operator:"the operator",ends:"Ends",never:"Never",used:"Last used",unused:"Not used",inUse:"in use",linkChip:"link",unreadable:"cannot be read",may:"What it may do",lacks:"This key may not.",scopesShort:"Scopes",scopes:{"webhooks:read":"Reads webhooks and subscriptions.","webhooks:write":"Creates, changes and deletes webhooks and subscriptions.","deliveries:read":"Reads reports, deliveries, replays and figures.","deliveries:write":"Sends deliveries again and starts replays.","reports:write":"Hands over reports, which are then delivered.","reports:erase":"Erases reports for good.",platform:"Manages accounts and keys, and acts for any account within its other scopes."},presets:{read:"Read only",engine:"Hand over reports",all:"Everything"},askPlatform:"Your platform makes and revokes keys. Ask it for another one, or to revoke this one if it leaked.",askLink:"You opened the console with a link of your platform. When it ends, open a new one there.",aboutAccount:"These keys see this account and nothing else. Callhook stores only a hash, so a key is shown once, when it is made. The time of the last use may be an hour late.",aboutPlatform:"These keys manage all accounts. A key gives no more than it has: the keys that it makes have no further scopes and end no later. A revoked key leaves those that it made, unless you revoke them with it.",emptyTitle:"No keys yet",emptyText:"A program that calls the API for this account needs one.",newKey:"New key",newLink:"New link",newKeyOf:"New key of {name}",newPlatformKey:"New key of the platform",newLinkOf:"New console link for {name}",nameHint:'Say who uses it, such as "dialer, production".',linkNameHint:'Shown in the list, such as "panel, user 17".',chooseScopes:"Choose at least one.",endsHint:"A key ends no later than yours.",latest:"As late as possible",days:{one:"In {count} day",other:"In {count} days"},otherDays:"Days from now",otherMinutes:"Minutes from now",lasts:"Ends after",onlyWebhook:"Only this webhook",onlyWebhookHint:"The id of a webhook: the key then reaches that webhook and its deliveries. It cannot be changed later.",make:"Make the key",makeLink:"Make the link",madeTitle:"New key: {name}",madeUse:"Programs send it as a bearer token. With the key in KEY, this call says what it is:",aboutLink:"A link opens this console for a customer of yours, without a password. Make it when the customer opens the page in your panel, and redirect to it. Do not store it.",link:"the link",linkTitle:"New console link: {name}",linkUse:"The link works for each person who has it, until it ends.",openLink:"Open it",revoke:"Revoke",revokeWhat:"Revoke {name}",revokeTitle:"Revoke {name}?",revokeText:"Programs that use this key stop working within 60 seconds. A revoked key cannot be used again.",revokeLinkText:"Consoles that were opened with this link stop working within 60 seconds.",revokeOwn:"You are signed in with this key, or with one that it made. The console signs you out once it is refused.",cascade:"Revoke the keys that it made as well",cascadeText:"Also revokes the keys that it made, the keys that those made, and so on, of the platform and of all accounts.",noCascadeText:"The keys that it made keep working.",revokedSoFar:{one:"{count} key is revoked so far.",other:"{count} keys are revoked so far."},revokeRemains:"More remain. Go on to revoke them.",revokeFurther:"Go on",revoked:{one:"The key was revoked",other:"{count} keys were revoked"}},account:{title:"Account",facts:"About the account",name:"Name",id:"Id",status:"Status",made:"Made",zone:"Time zone",zoneHint:"An IANA name such as Asia/Kolkata; UTC if empty.",zoneMeaning:"The clock of the times in its reports, which carry no zone. The console shows times on it as well.",retention:"Retention",retentionDays:"Retention in days",retentionHint:"1 to 365 days; 30 if empty.",retentionMeaning:"How long reports and deliveries are kept, from the last attempt.",days:{one:"{count} day",other:"{count} days"},operational:"Operational webhook",operationalMeaning:"Is told when a webhook of the account fails, rests, recovers or is disabled.",operationalHint:"The id of an active webhook of the account.",quotas:"Quotas",quota:{webhooks:"Webhooks",subscriptions:"Subscriptions",reports_per_second:"Reports a second",deliveries_per_second:"Deliveries a second"},quotaMeaning:{webhooks:"The most that the account has at a time. One more is refused until one is deleted.",subscriptions:"The most that the account has at a time. One more is refused until one is deleted.",reports_per_second:"Reports that are accepted. More are refused with 429, and can be sent again after a moment.",deliveries_per_second:"First attempts that begin. More wait for their turn; retries, resends and replays do not count."},quotaHint:{webhooks:"1,000 if empty.",subscriptions:"5,000 if empty.",reports_per_second:"What the deployment says if empty.",deliveries_per_second:"What the deployment says if empty."},quotaDefault:{webhooks:"1,000",subscriptions:"5,000",reports_per_second:"Default",deliveries_per_second:"Default"},byDeployment:"Default",limitedKey:"Your key reaches one webhook, so it does not see the quotas of the account.",askPlatform:"Your platform sets these. Ask it to change them.",editTitle:"Change the account",eraseTitle:"Erase the account",eraseAbout:"Erases the account with all that is stored of it. This cannot be undone.",erase:"Erase the account…",eraseAsk:"Erase {name}?",eraseGoes:"Within 60 seconds its keys are refused, and no reports are accepted or delivered. Then these go for good:",goes:{webhooks:"webhooks, subscriptions and secrets",deliveries:"reports, deliveries and their attempts, also those that are not delivered yet",figures:"figures and replays",keys:"all keys and console links",id:"the id: it cannot be used again for 211 days"},eraseType:"Type {id} to confirm",eraseNow:"Erase for good",erasing:"This account is being erased. That takes some minutes at least; until then nothing in it can be made or changed.",erased:"The account {id} is erased."},accounts:{title:"Accounts",search:"Search",searchHint:"Name, id or zone",new:"New account",make:"Make the account",made:"{name} was made",idHint:"Up to 64 letters, digits, - and _. It cannot be changed later.",idPlaceholder:"Chosen by Callhook",emptyTitle:"No accounts yet",emptyText:"An account holds the webhooks and reports of one customer. Make the first one, then act for it to make its keys.",noMatch:"No account matches",noMatchText:"The search looks at the accounts that are shown. Clear it to see all of them.",actFor:"Act for it",actForWhat:"Act for it: {name}",acting:"Act for",current:"acting for it",stopActing:"Stop acting"}};var Be=".scopes{display:grid;margin-top:var(--s2)}.scopes li{display:grid;grid-template-columns:150px minmax(0,1fr);gap:var(--s2) var(--s4);padding:var(--s1) 0}.scopes-field{display:grid;gap:var(--s2);min-width:0;margin:0;padding:0;border:0;justify-items:start}.scopes-field legend{padding:0 0 var(--s1);font-weight:500}.scopes-field .error{color:var(--failed);font-size:var(--text-s);line-height:16px}.scopes-field .check{align-items:baseline}.scopes-field .check input{align-self:start;margin-top:2px}.scopes-field .button[aria-pressed=true]{background:var(--accent-soft);border-color:var(--accent);color:var(--accent-strong)}.keys-about{padding:var(--s3) var(--s4) 0;max-width:840px}.keys-hint a{text-decoration:underline}.keys-hint{margin-bottom:var(--s4)}.key-name{display:grid;gap:2px;min-width:0}.key-name .below{display:flex;flex-wrap:wrap;align-items:center;gap:0 var(--s2);line-height:16px}@media(min-width:601px){.key-scopes{max-width:150px}.key-name{max-width:240px;line-height:18px;padding:2px 0}.keys-table th:last-child,.keys-table td:last-child{position:sticky;right:0;background:var(--surface)}}@media(max-width:600px){.key-name .below{justify-content:flex-end}.scopes li{grid-template-columns:minmax(0,1fr);gap:0}}.accounts-below{margin-top:var(--s4)}.quotas-field{min-width:0;margin:0;padding:0;border:0}.quotas-field legend{padding:0 0 var(--s2);font-weight:600}.quota-list{display:grid}.quota-list>li{display:grid;grid-template-columns:minmax(160px,220px) 140px minmax(0,1fr);gap:var(--s1) var(--s4);padding:var(--s2) 0;border-top:1px solid var(--border)}.quota-list>li:first-child{border-top:0;padding-top:0}.quota-list .value{font-weight:600;font-variant-numeric:tabular-nums}@media(max-width:600px){.quota-list>li{grid-template-columns:minmax(0,1fr) max-content}.quota-list .meaning{grid-column:1 / -1}}.bullets{list-style:disc;padding-left:20px;display:grid;gap:var(--s1)}.form .quotas-field .row{grid-template-columns:repeat(auto-fit,minmax(min(100%,280px),1fr))}";var B=[{name:"webhooks",least:0,most:1e5},{name:"subscriptions",least:0,most:1e5},{name:"reports_per_second",least:1,most:1e4},{name:"deliveries_per_second",least:1,most:5e4}];function se(t={}){return{id:t.id??"",name:t.name??"",time_zone:t.time_zone??"",retention_days:String(t.retention_days??""),operational_webhook_id:t.operational_webhook_id??"",quotas:Object.fromEntries(B.map(({name:r})=>[r,String(t.quotas?.[r]??"")]))}}var He=t=>t.trim()?Number(t):null;function ue(t){return{name:t.name.trim(),time_zone:t.time_zone.trim()||null,retention_days:He(t.retention_days),operational_webhook_id:t.operational_webhook_id.trim()||null,quotas:Object.fromEntries(B.map(({name:r})=>[r,He(t.quotas[r])]))}}var Ke=t=>Object.fromEntries(Object.entries(t).filter(([,r])=>r!==null));function de(t){let{quotas:r,operational_webhook_id:a,...n}=ue(t),s=Ke(r);return{...t.id.trim()&&{id:t.id.trim()},...Ke(n),...Object.keys(s).length>0&&{quotas:s}}}function Re(t,r){let[a,n]=[ue(t),ue(r)],s=Object.fromEntries(Object.entries(n).filter(([c,l])=>c!=="quotas"&&l!==a[c])),i=Object.fromEntries(Object.entries(n.quotas).filter(([c,l])=>l!==a.quotas[c]));return Object.keys(i).length?{...s,quotas:i}:s}function We(t,r=""){let a=r.trim().toLowerCase();return t.filter(({id:n,name:s="",time_zone:i=""})=>[n,s,i].some(c=>c.toLowerCase().includes(a)))}var Ve=()=>["UTC",...Intl.supportedValuesOf?.("timeZone")??[]];function je({account:t}){let{who:r}=g.get(),a=r.account?.id===t.id,n=t.operational_webhook_id;return o`
    <${b} title=${e("account.facts")}>
      <${G} of=${[[e("account.name"),o`<span class="anywhere">${t.name}</span>`],[e("account.id"),o`<${I} value=${t.id} what=${e("account.id")} whole />`],[e("account.zone"),o`${t.time_zone} <div class="muted">${e("account.zoneMeaning")}</div>`],[e("account.retention"),o`${e("account.days",{count:t.retention_days})} <div class="muted">${e("account.retentionMeaning")}</div>`],[e("account.operational"),t.quotas&&o`
          ${n?o`<${I} value=${n} what=${e("keys.webhookId")} whole href=${a&&R("webhooks:read")?T(`/webhooks/${n}`):void 0} />`:e("common.none")}
          <div class="muted">${e("account.operationalMeaning")}</div>`],[e("account.made"),t.created_at&&o`<${x} at=${t.created_at} />`]]} />
    <//>
    ${t.quotas?o`<${dt} quotas=${t.quotas} />`:o`<${_}>${e("account.limitedKey")}<//>`}
    ${!S()&&t.quotas&&o`<${_}>${e("account.askPlatform")}<//>`}`}var dt=({quotas:t})=>o`
  <${b} title=${e("account.quotas")}>
    <ul class="quota-list">
      ${B.map(({name:r})=>o`
        <li key=${r}>
          <span>${e(`account.quota.${r}`)}</span>
          <span class="value">${t[r]?.toLocaleString("en")??e("account.byDeployment")}</span>
          <span class="meaning muted">${e(`account.quotaMeaning.${r}`)}</span>
        </li>`)}
    </ul>
  <//>`;var z=({error:t,fields:r})=>t?.fields?.length>0&&t.fields.every(({field:n})=>r.some(s=>n===s||n.startsWith(`${s}.`)))?null:o`<${P} error=${t} />`;function ne({form:t,onForm:r,error:a,children:n}){let s=H(),i=Y(Ve,[]),c=m=>d=>r({...t,[m]:d}),l=m=>d=>r({...t,quotas:{...t.quotas,[m]:d}}),u=m=>a?.field?.(m);return o`
    <${w} label=${e("account.name")} value=${t.name} onValue=${c("name")} error=${u("name")} required maxlength="100" autofocus autocomplete="off" />
    ${n}
    <div class="row">
      <${w} label=${e("account.zone")} hint=${e("account.zoneHint")} value=${t.time_zone} onValue=${c("time_zone")} error=${u("time_zone")}
        list=${s} placeholder="UTC" autocomplete="off" spellcheck=${!1} />
      <datalist id=${s}>${i.map(m=>o`<option key=${m} value=${m} />`)}</datalist>
      <${w} label=${e("account.retentionDays")} hint=${e("account.retentionHint")} type="number" min="1" max="365" placeholder="30" value=${t.retention_days}
        onValue=${c("retention_days")} error=${u("retention_days")} />
    </div>
    <fieldset class="quotas-field">
      <legend>${e("account.quotas")}</legend>
      <div class="row">
        ${B.map(({name:m,least:d,most:h})=>o`
          <${w} key=${m} label=${e(`account.quota.${m}`)} hint=${e(`account.quotaHint.${m}`)} type="number" min=${d} max=${h} placeholder=${e(`account.quotaDefault.${m}`)}
            value=${t.quotas[m]} onValue=${l(m)} error=${u(`quotas.${m}`)} />`)}
      </div>
    </fieldset>`}var re=["id","name","time_zone","retention_days","operational_webhook_id",...B.map(({name:t})=>`quotas.${t}`)];function Qe({account:t,onClose:r,onSaved:a}){let n=Y(()=>se(t),[t]),[s,i]=f(n),{busy:c,error:l,run:u}=N(),m=Re(n,s),d=Object.keys(m).length>0,h=v=>(v.preventDefault(),d?u(async()=>{let y=await k("changeAccount",{params:{id:t.id},body:m});W(e("common.saved")),a(y)}):r());return o`
    <${b} title=${e("account.editTitle")}>
      <${L} when=${d} />
      <form class="form" onSubmit=${h}>
        <${ne} form=${s} onForm=${i} error=${l}>
          <${pt} account=${t} value=${s.operational_webhook_id} error=${l?.field?.("operational_webhook_id")}
            onValue=${v=>i({...s,operational_webhook_id:v})} />
        <//>
        <${z} error=${l} fields=${re} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${c}>${e("common.save")}<//>
          <${p} onClick=${r}>${e("common.cancel")}<//>
        </div>
      </form>
    <//>`}function pt({account:t,value:r,onValue:a,error:n}){let s=H(),{data:i}=j(u=>R("webhooks:read")?k("listWebhooks",{query:{limit:100},as:be(),actFor:t.id,signal:u}):Promise.resolve({data:[]}),[t.id]),c=i?.data.filter(({status:u})=>u==="active")??[],l=c.find(({id:u})=>u===r.trim());return o`
    <${w} label=${e("account.operational")} hint=${l?l.name:e("account.operationalHint")} value=${r} onValue=${a} error=${n} mono
      list=${s} placeholder=${e("common.none")} autocomplete="off" spellcheck=${!1} />
    <datalist id=${s}>${c.map(({id:u,name:m})=>o`<option key=${u} value=${u}>${m}</option>`)}</datalist>`}function Ye({account:t,onErasing:r}){let[a,n]=f(!1);return o`
    <${b} title=${e("account.eraseTitle")}>
      <div class="stack">
        <p>${e("account.eraseAbout")}</p>
        <div><${p} kind="danger" icon="trash" onClick=${()=>n(!0)}>${e("account.erase")}<//></div>
      </div>
      ${a&&o`<${$t} account=${t} onClose=${()=>n(!1)} onErasing=${r} />`}
    <//>`}function $t({account:t,onClose:r,onErasing:a}){let[n,s]=f(""),{busy:i,error:c,run:l}=N(),u=n===t.id,m=h=>{h.preventDefault(),u&&l(async()=>a(await k("eraseAccount",{params:{id:t.id},query:{confirm:n}})))},d=o`
    <${p} autofocus onClick=${r}>${e("common.cancel")}<//>
    <${p} kind="danger primary" busy=${i} disabled=${!u} onClick=${m}>${e("account.eraseNow")}<//>`;return o`
    <${Me} title=${e("account.eraseAsk",{name:t.name})} onClose=${r} footer=${d}>
      <p>${e("account.eraseGoes")}</p>
      <ul class="bullets">${["webhooks","deliveries","figures","keys","id"].map(h=>o`<li key=${h}>${e(`account.goes.${h}`)}</li>`)}</ul>
      <form onSubmit=${m}>
        <${w} label=${e("account.eraseType",{id:t.id})} value=${n} onValue=${s} mono autocomplete="off" spellcheck=${!1} />
      </form>
      <${P} error=${c} />
    <//>`}async function ft(t,r){if(S())return k("readAccount",{params:{id:t},signal:r});let a=await k("readKey",{signal:r});return ve(a),a.account}var pe=t=>qe(t).catch(r=>Se(Ee(r),()=>pe(t)));function kt({id:t}){let{accountId:r}=K(g),{edit:a}=D(),[n,s]=f(!1),i=t??r,{data:c,error:l,reload:u,setData:m}=j(C=>ft(i,C),[i],{every:n?1e4:void 0});ye(()=>{c?.status==="erasing"&&s(!0)},[c]);let d=t&&[T("/accounts"),e("accounts.title")];if(n&&l?.kind==="not-found")return o`<${E} title=${e("account.title")} back=${d}><${_}>${e("account.erased",{id:i})}<//><//>`;if(!c)return o`<${E} title=${e("account.title")} back=${d}>${l?o`<${P} error=${l} retry=${u} />`:o`<${b}><${Ie} lines=${8} /><//>`}<//>`;let v=c.status==="erasing",y=S()&&!v,F=C=>{m(C),O({edit:void 0}),C.id===r&&pe(r)},A=C=>{m(C),C.id===r&&pe(null)},$=y&&o`
    ${r!==c.id&&o`<${p} onClick=${()=>Z(c)}>${e("accounts.actFor")}<//>`}
    ${!a&&o`<${p} kind="primary" icon="edit" onClick=${()=>O({edit:1})}>${e("common.edit")}<//>`}`;return o`
    <${E} title=${c.name} back=${d} actions=${$} beside=${o`<${U} value=${c.status??"active"} />`}>
      <div class="stack">
        ${l&&o`<${P} error=${l} retry=${u} />`}
        ${v&&o`<${_} kind="warning">${e("account.erasing")}<//>`}
        ${a&&y?o`<${Qe} account=${c} onClose=${()=>O({edit:void 0})} onSaved=${F} />`:o`<${je} account=${c} />`}
        ${y&&!a&&o`<${Ye} account=${c} onErasing=${A} />`}
      </div>
    <//>`}function Ge({account:t,isCurrent:r,busyId:a,onBusy:n}){if(r)return o`<span class="chip">${e("accounts.current")}</span>`;if(t.status!=="active")return null;let s=async()=>{let i=Z(t);i&&(n(t.id),await i,n(c=>c===t.id?null:c))};return o`<${p} kind="small" busy=${a===t.id} aria-label=${e("accounts.actForWhat",{name:t.name})} onClick=${s}>${e("accounts.actFor")}<//>`}var Ze=se(),ht="[A-Za-z0-9_\\-]{1,64}";function Je({onClose:t,onMade:r}){let[a,n]=f(Ze),{busy:s,error:i,run:c}=N(),[l,u]=f(!1),m=d=>{d.preventDefault(),c(async()=>{let h=await k("createAccount",{body:de(a)});u(!0),W(e("accounts.made",{name:h.name})),setTimeout(()=>r(h))})};return o`
    <${b} title=${e("accounts.new")}>
      <${L} when=${a!==Ze&&!l} />
      <form class="form" onSubmit=${m}>
        <${ne} form=${a} onForm=${n} error=${i}>
          <${w} label=${e("account.id")} hint=${e("accounts.idHint")} value=${a.id} onValue=${d=>n({...a,id:d})} error=${i?.field?.("id")} mono
            pattern=${ht} maxlength="64" placeholder=${e("accounts.idPlaceholder")} autocomplete="off" spellcheck=${!1} />
        <//>
        <${z} error=${i} fields=${re} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${s}>${e("accounts.make")}<//>
          <${p} onClick=${t}>${e("common.cancel")}<//>
        </div>
        <${V} text=${M("createAccount",{body:de(a)})} name=${e("common.withCurl")} wrap />
      </form>
    <//>`}var $e=({id:t})=>`/accounts/${encodeURIComponent(t)}`;function yt(){let{accountId:t}=K(g),{q:r,new:a}=D(),[n,s]=f(!1),i=J((d,h)=>S()?k("listAccounts",{query:{cursor:d,limit:100},signal:h}):Promise.resolve({data:[],next_cursor:null}),[]);if(!S())return o`<${E} title=${e("accounts.title")}><${_}>${e("common.needsScope",{scope:"platform"})}<//><//>`;let c=()=>O({new:void 0}),l=o`<${p} kind="primary" icon="plus" onClick=${()=>O({new:1})}>${e("accounts.new")}<//>`,u=i.rows&&We(i.rows,r),m=i.rows?.length?o`<${Q} title=${e("accounts.noMatch")} text=${e("accounts.noMatchText")} />`:o`<${Q} title=${e("accounts.emptyTitle")} text=${e("accounts.emptyText")} action=${l} curl=${M("createAccount",{body:{name:"Acme",time_zone:"Asia/Kolkata"}})} />`;return o`
    <${E} title=${e("accounts.title")} actions=${o`${t&&o`<${p} onClick=${Ne}>${e("accounts.stopActing")}<//>`}${!a&&l}`}>
      ${a&&o`<${Je} onClose=${c} onMade=${d=>Oe($e(d))} />`}
      <div class=${a?"accounts-below":""}>
        <${Le} label=${e("accounts.search")} fields=${[{name:"q",label:e("accounts.search"),type:"search",placeholder:e("accounts.searchHint")}]} />
        <section class="panel">
          <${te} label=${e("accounts.title")} pages=${{...i,rows:u}} columns=${bt({accountId:t,chosen:n,onChosen:s})} empty=${m}
            linkOf=${d=>d.unreadable?void 0:T($e(d))} />
        </section>
      </div>
    <//>`}var bt=({accountId:t,chosen:r,onChosen:a})=>{let n=s=>i=>i.unreadable?o`<span class="muted">–</span>`:s(i);return[{name:"name",title:e("account.name"),sort:({name:s})=>s?.toLowerCase(),cell:s=>s.unreadable?o`<span title=${e("common.unreadable")}>${e("keys.unreadable")}</span>`:o`<a class="ellipsis" href=${T($e(s))} title=${s.name}>${s.name}</a>`},{name:"id",title:e("account.id"),sort:({id:s})=>s,cell:({id:s})=>o`<span class="mono ellipsis" title=${s}>${s}</span>`},{name:"zone",title:e("account.zone"),sort:({time_zone:s})=>s,cell:n(s=>s.time_zone)},{name:"retention",title:e("account.retentionDays"),right:!0,sort:({retention_days:s})=>s,cell:n(s=>s.retention_days)},{name:"status",title:e("account.status"),sort:({status:s})=>s,cell:n(s=>o`<${U} value=${s.status} />`)},{name:"made",title:e("account.made"),sort:({created_at:s})=>s,cell:n(s=>o`<${x} at=${s.created_at} />`)},{name:"act",title:e("accounts.acting"),right:!0,cell:n(s=>o`<${Ge} account=${s} isCurrent=${s.id===t} busyId=${r} onBusy=${a} />`)}]};var ae=["webhooks:read","webhooks:write","deliveries:read","deliveries:write","reports:write","reports:erase","platform"],ie=(t,r)=>ae.filter(a=>t.includes(a)&&(r||a!=="platform"));function Xe(t){return[["read",["webhooks:read","deliveries:read"]],["engine",["reports:write"]],["all",t]].map(([a,n])=>[a,n.filter(s=>t.includes(s))]).filter(([,a])=>a.length)}var et=(t,r)=>ae.filter(a=>a===r?!t.includes(r):t.includes(a)),tt=["","7","30","90","365","other"],ot=["900","3600","28800","86400","other"];function st({name:t,scopes:r,days:a,otherDays:n,webhookId:s}){let i=a==="other"?n:a;return{name:t.trim(),scopes:r,...i&&{expires_in_days:Number(i)},...s?.trim()&&{webhook_id:s.trim()}}}function fe({name:t,scopes:r,seconds:a,otherMinutes:n,webhookId:s}){return{scopes:r,expires_in_seconds:a==="other"?Math.round(Number(n)*60):Number(a),...t.trim()&&{name:t.trim()},...s?.trim()&&{webhook_id:s.trim()}}}var wt=50;async function nt(t,r){let a=0;for(let n=0;n<wt;n+=1){let s=await t();if(a+=s.revoked,s.is_complete)return{revoked:a,isComplete:!0};if(r(a),!s.revoked)break}return{revoked:a,isComplete:!1}}var rt=(t,r=Date.now())=>!!t.expires_at&&Date.parse(t.expires_at)<=r;function ke(t){try{return/^https?:$/.test(new URL(t).protocol)?t:null}catch{return null}}function ce({given:t,value:r,onValue:a,error:n}){return o`
    <fieldset class="scopes-field" aria-invalid=${n?"true":void 0}>
      <legend>${e("keys.may")}</legend>
      <div class="buttons">
        ${Xe(t).map(([s,i])=>o`<${p} key=${s} kind="small" aria-pressed=${i.join()===r.join()} onClick=${()=>a(i)}>${e(`keys.presets.${s}`)}<//>`)}
      </div>
      ${t.map(s=>o`
        <${ee} key=${s} checked=${r.includes(s)} onValue=${()=>a(et(r,s))}
          label=${o`<code>${s}</code> <span class="muted">${e(`keys.scopes.${s}`)}</span>`} />`)}
      ${n&&o`<p class="error" role="alert">${n}</p>`}
    </fieldset>`}function le({value:t,onValue:r,error:a}){let n=H(),{data:s}=j(l=>R("webhooks:read")?k("listWebhooks",{query:{limit:100},signal:l}):Promise.resolve({data:[]}),[]),i=s?.data.filter(({unreadable:l})=>!l)??[],c=i.find(({id:l})=>l===t.trim());return o`
    <${w} label=${e("keys.onlyWebhook")} hint=${c?c.name:e("keys.onlyWebhookHint")} error=${a} value=${t} onValue=${r} mono
      list=${n} placeholder=${e("keys.wholeAccount")} autocomplete="off" spellcheck=${!1} />
    <datalist id=${n}>${i.map(({id:l,name:u})=>o`<option key=${l} value=${l}>${u}</option>`)}</datalist>`}var at={name:"",scopes:[],days:"",otherDays:"30",webhookId:""};function it({ofPlatform:t,onClose:r,onMade:a}){let{who:n}=g.get(),[s,i]=f(at),[c,l]=f(null),[u,m]=f(!1),{busy:d,error:h,run:v}=N(),y=$=>C=>i(me=>({...me,[$]:C})),F=$=>{$.preventDefault(),m(!s.scopes.length),s.scopes.length&&v(async()=>l(await k(t?"createPlatformKey":"createAccountKey",{params:{id:q()},body:st(s)})))},A=$=>h?.field?.($);return c?o`
      <${oe} title=${e("keys.madeTitle",{name:c.name})} secret=${c.key} name=${e("signIn.key")} onClose=${a}>
        <p>${e("keys.madeUse")}</p>
        <${V} text=${`curl -sS ${xe(ge("readKey").href)} -H "Authorization: Bearer $KEY"`} name="curl" wrap copies=${!1} />
      <//>`:o`
    <${b} title=${t?e("keys.newPlatformKey"):e("keys.newKeyOf",{name:n.account?.name??q()})}>
      <${L} when=${s!==at} />
      <form class="form" onSubmit=${F}>
        <${w} label=${e("keys.name")} hint=${e("keys.nameHint")} value=${s.name} onValue=${y("name")} error=${A("name")} required maxlength="100" autofocus autocomplete="off" />
        <${ce} given=${ie(n.scopes,t)} value=${s.scopes} onValue=${y("scopes")} error=${A("scopes")??(u&&!s.scopes.length?e("keys.chooseScopes"):null)} />
        <div class="row">
          <${X} label=${e("keys.ends")} hint=${e("keys.endsHint")} value=${s.days} onValue=${y("days")} error=${A("expires_in_days")}
            options=${tt.map($=>[$,$===""?e("keys.latest"):$==="other"?e("keys.otherDays"):e("keys.days",{count:Number($)})])} />
          ${s.days==="other"&&o`<${w} label=${e("keys.otherDays")} type="number" min="1" max="3650" required value=${s.otherDays} onValue=${y("otherDays")} />`}
        </div>
        ${!t&&o`<${le} value=${s.webhookId} onValue=${y("webhookId")} error=${A("webhook_id")} />`}
        <${z} error=${h} fields=${["name","scopes","expires_in_days","expires_in_seconds","webhook_id"]} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${d}>${e("keys.make")}<//>
          <${p} onClick=${r}>${e("common.cancel")}<//>
        </div>
      </form>
    <//>`}function ct({onClose:t,onMade:r}){let{who:a}=g.get(),n=ie(a.scopes,!1),[s]=f(()=>({name:"",scopes:n.filter($=>/^(webhooks|deliveries):read$/.test($)),seconds:"3600",otherMinutes:"30",webhookId:""})),[i,c]=f(s),[l,u]=f(null),{busy:m,error:d,run:h}=N(),v=$=>C=>c(me=>({...me,[$]:C})),y={id:q()},F=$=>{$.preventDefault(),i.scopes.length&&h(async()=>u(await k("createConsoleLink",{params:y,body:fe(i)})))},A=$=>d?.field?.($);return l?o`<${vt} made=${l} onClose=${r} />`:o`
    <${b} title=${e("keys.newLinkOf",{name:a.account?.name??q()})}>
      <${L} when=${i!==s} />
      <form class="form" onSubmit=${F}>
        <p class="muted">${e("keys.aboutLink")}</p>
        <${w} label=${e("keys.name")} hint=${e("keys.linkNameHint")} value=${i.name} onValue=${v("name")} error=${A("name")} maxlength="100" autofocus autocomplete="off" />
        <${ce} given=${n} value=${i.scopes} onValue=${v("scopes")} error=${A("scopes")??(i.scopes.length?null:e("keys.chooseScopes"))} />
        <div class="row">
          <${X} label=${e("keys.lasts")} value=${i.seconds} onValue=${v("seconds")} error=${A("expires_in_seconds")}
            options=${ot.map($=>[$,$==="other"?e("keys.otherMinutes"):Fe(Number($)*1e3)])} />
          ${i.seconds==="other"&&o`<${w} label=${e("keys.otherMinutes")} type="number" min="1" max="1440" step="any" required value=${i.otherMinutes} onValue=${v("otherMinutes")} />`}
        </div>
        <${le} value=${i.webhookId} onValue=${v("webhookId")} error=${A("webhook_id")} />
        <${z} error=${d} fields=${["name","scopes","expires_in_days","expires_in_seconds","webhook_id"]} />
        <div class="buttons">
          <${p} kind="primary" type="submit" busy=${m}>${e("keys.makeLink")}<//>
          <${p} onClick=${t}>${e("common.cancel")}<//>
        </div>
        <${V} text=${M("createConsoleLink",{params:y,body:fe(i)})} name=${e("common.withCurl")} wrap />
      </form>
    <//>`}var vt=({made:t,onClose:r})=>o`
  <${oe} title=${e("keys.linkTitle",{name:t.name})} secret=${t.url} name=${e("keys.link")} onClose=${r}>
    <p>${e("keys.linkUse")} ${e("keys.ends")}: <${x} at=${t.expires_at} /> (<${x} at=${t.expires_at} relative />).</p>
    ${ke(t.url)&&o`<div><${Te} icon="external" href=${ke(t.url)} target="_blank" rel="noreferrer">${e("keys.openLink")}<//></div>`}
  <//>`;var gt=t=>k("revokePlatformKey",{params:{key_id:t},query:{cascade:"true"}});function lt({apiKey:t,ofPlatform:r,onClose:a,onRevoked:n}){let[s,i]=f(!1),[c,l]=f(null),{who:u}=g.get(),m=t.name??t.id,d=y=>{W(e("keys.revoked",{count:y})),a(),n()},h=async()=>{let y=c?.count??0,{revoked:F,isComplete:A}=await nt(()=>gt(t.id),$=>l({count:y+$}));return A?d(y+F):(n(),l({count:y+F,isStopped:!0}))},v=async()=>r&&s?h():(await(r?k("revokePlatformKey",{params:{key_id:t.id}}):k("revokeAccountKey",{params:{id:q(),key_id:t.id}})),d(1));return o`
    <${De} title=${e("keys.revokeTitle",{name:m})} action=${e(c?.isStopped?"keys.revokeFurther":"keys.revoke")} onConfirm=${v} onClose=${a}>
      <p><code>${t.prefix??t.id}</code></p>
      <p>${e(t.kind==="console_link"?"keys.revokeLinkText":"keys.revokeText")}</p>
      ${t.id===u.id&&o`<${_} kind="warning">${e("keys.revokeOwn")}<//>`}
      ${r&&o`
        <${ee} label=${e("keys.cascade")} checked=${s} onValue=${i} />
        <p class="muted">${e(s?"keys.cascadeText":"keys.noCascadeText")}</p>
        ${s&&u.created_by===t.id&&o`<${_} kind="warning">${e("keys.revokeOwn")}<//>`}`}
      ${c&&o`<p role="status">${e("keys.revokedSoFar",{count:c.count})} ${c.isStopped?e("keys.revokeRemains"):""}</p>`}
    <//>`}function mt({ofPlatform:t}){let r=t?null:q(),{new:a}=D(),[n,s]=f(null),i=t?"listPlatformKeys":"listAccountKeys",c=t?void 0:{id:r},l=J((y,F)=>k(i,{params:c,query:{cursor:y,limit:100},signal:F}),[i,r]),u=()=>O({new:void 0}),m=()=>{u(),l.reload()},d=o`<${p} kind="primary" icon="plus" onClick=${()=>O({new:"key"})}>${e("keys.newKey")}<//>`,h=!t&&o`<${p} icon="external" onClick=${()=>O({new:"link"})}>${e("keys.newLink")}<//>`,v=o`<${Q} title=${e("keys.emptyTitle")} text=${e("keys.emptyText")} action=${d}
    curl=${!t&&M("createAccountKey",{params:c,body:{name:"engine",scopes:["reports:write"]}})} />`;return o`
    <div class="stack">
      ${a==="key"&&o`<${it} key=${`key ${r}`} ofPlatform=${t} onClose=${u} onMade=${m} />`}
      ${a==="link"&&!t&&o`<${ct} key=${`link ${r}`} onClose=${u} onMade=${m} />`}
      <${b} title=${t?e("keys.tabs.platform"):e("keys.tabs.account",{name:g.get().who.account?.name??r})} actions=${o`${h}${d}`} flush>
        <p class="keys-about muted">${e(t?"keys.aboutPlatform":"keys.aboutAccount")}</p>
        <div class="keys-table"><${te} label=${e("keys.title")} pages=${l} columns=${_t({ofPlatform:t,onRevoke:s})} empty=${v} /></div>
      <//>
      ${n&&o`<${lt} apiKey=${n} ofPlatform=${t} onClose=${()=>s(null)} onRevoked=${l.reload} />`}
    </div>`}var xt=t=>t.id===g.get().who.id,_t=({ofPlatform:t,onRevoke:r})=>{let a=n=>s=>s.unreadable?o`<span class="muted">–</span>`:n(s);return[{name:"name",title:e("keys.name"),sort:({name:n})=>n?.toLowerCase(),cell:n=>o`<${At} apiKey=${n} />`},{name:"scopes",title:e("keys.scopesShort"),cell:a(n=>o`<span class="ellipsis key-scopes" title=${n.scopes.join(", ")}>${n.scopes.join(", ")}</span>`)},!t&&{name:"webhook",title:e("keys.reaches"),cell:a(({webhook_id:n})=>n?o`<${I} value=${n} what=${e("keys.webhookId")} href=${T(`/webhooks/${n}`)} />`:e("common.all"))},t&&{name:"maker",title:e("keys.maker"),cell:a(n=>n.created_by?o`<span class="mono">${n.created_by}</span>`:e("keys.operator"))},{name:"made",title:e("keys.made"),sort:({created_at:n})=>n,cell:a(n=>o`<${x} at=${n.created_at} />`)},{name:"ends",title:e("keys.ends"),sort:({expires_at:n})=>n,cell:a(n=>o`<${Tt} apiKey=${n} />`)},{name:"used",title:e("keys.used"),sort:({last_used_at:n})=>n,cell:a(n=>n.last_used_at?o`<${x} at=${n.last_used_at} />`:o`<span class="muted">${e("keys.unused")}</span>`)},{name:"revoke",title:e("keys.revoke"),right:!0,cell:n=>o`<${Ae} icon="trash" kind="small" label=${e("keys.revokeWhat",{name:n.name??n.id})} onClick=${()=>r(n)} />`}].filter(Boolean)},At=({apiKey:t})=>t.unreadable?o`<span title=${e("common.unreadable")}>${e("keys.unreadable")} <small class="mono muted">${t.id}</small></span>`:o`
    <span class="key-name">
      <span class="ellipsis" title=${t.name}>${t.name}</span>
      <span class="below"><small class="mono muted">${t.prefix}</small>
        ${t.kind==="console_link"&&o`<span class="chip">${e("keys.linkChip")}</span>`}
        ${xt(t)&&o`<span class="chip">${e("keys.inUse")}</span>`}
        ${t.erasing&&o`<${U} value="erasing" />`}
      </span>
    </span>`,Tt=({apiKey:t})=>t.expires_at?rt(t)?o`<${U} value="expired" />`:o`<${x} at=${t.expires_at} />`:o`<span class="muted">${e("keys.never")}</span>`;var St=t=>t.kind==="console_link"?"link":S()?"platform":"account";function he({who:t}){let r=St(t),a=t.webhook_id&&o`<${I} value=${t.webhook_id} what=${e("keys.webhookId")} whole href=${T(`/webhooks/${t.webhook_id}`)} />`;return o`
    <${b} title=${e("keys.tabs.mine")}>
      <div class="stack">
        <${G} of=${[[e("keys.name"),o`<span class="anywhere">${t.name}</span>`],[e("keys.prefix"),o`<${I} value=${t.prefix} what=${e("keys.prefix")} whole />`],[e("keys.kind"),e(`keys.kinds.${r}`)],[e("keys.reaches"),a??(r==="platform"?e("keys.reachesAccounts"):e("keys.reachesAccount",{name:t.account?.name??""}))],[e("keys.made"),t.created_at&&o`<${x} at=${t.created_at} />`],[e("keys.ends"),t.expires_at?o`<${x} at=${t.expires_at} /> <span class="muted">(<${x} at=${t.expires_at} relative />)</span>`:e("keys.never")]]} />
        <div>
          <h3>${e("keys.may")}</h3>
          <ul class="scopes">
            ${ae.map(n=>o`
              <li key=${n} class=${t.scopes.includes(n)?"":"muted"}>
                <code>${n}</code><span>${t.scopes.includes(n)?e(`keys.scopes.${n}`):e("keys.lacks")}</span>
              </li>`)}
          </ul>
        </div>
        ${r==="account"&&o`<${_}>${e("keys.askPlatform")}<//>`}
        ${r==="link"&&o`<${_}>${e("keys.askLink")}<//>`}
      </div>
    <//>`}function Ct(){let{who:t,accountId:r}=K(g),{tab:a}=D(),n=o`<${p} icon="signOut" onClick=${()=>Ce(()=>we())}>${e("top.signOut")}<//>`;if(!S())return o`<${E} title=${e("keys.title")} actions=${n}><${he} who=${t} /><//>`;let s=[...r?[["account",e("keys.tabs.account",{name:t.account?.name??r})]]:[],["platform",e("keys.tabs.platform")],["mine",e("keys.tabs.mine")]],i=s.some(([c])=>c===a)?a:s[0][0];return o`
    <${E} title=${e("keys.title")} actions=${n}>
      <${Pe} tabs=${s} label=${e("keys.tabs.label")} />
      ${!r&&i==="platform"&&o`<p class="keys-hint">${e("keys.noAccount")} <a href=${T("/accounts")}>${e("keys.chooseAccount")}</a></p>`}
      ${i==="mine"?o`<${he} who=${t} />`:o`<${mt} key=${i} ofPlatform=${i==="platform"} />`}
    <//>`}ze(Be);_e(Ue);export{kt as Account,yt as Accounts,Ct as Keys};
