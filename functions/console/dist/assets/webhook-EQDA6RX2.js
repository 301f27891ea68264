import{a as $t}from"./chunk-WRGWDJO7.js";import{a as se,b as pt}from"./chunk-JACQGWQO.js";import{a as ve}from"./chunk-6LQ6J4NZ.js";import{b as ht}from"./chunk-WEM2L7BB.js";import{a as de,b as Fe,d as mt,e as ke}from"./chunk-ZRIB4DWO.js";import{a as me}from"./chunk-2UBDWMHV.js";import{a as ct,c as ut}from"./chunk-TDJVKJV6.js";import{a as dt,b as ee,e as ge}from"./chunk-EKWK6MR2.js";import{A as Xe,Aa as lt,B as R,C as O,E as De,G as E,H as M,L as A,M as ce,N as Y,O as X,P as oe,Q as v,R as z,T as S,U as et,V as C,Y as D,Z as be,_ as q,aa as F,ba as re,c as Ke,ca as tt,da as H,ea as B,fa as we,ga as Z,ha as ot,ia as qe,j as Q,k as g,ka as st,la as ie,m as Re,ma as rt,qa as it,r as w,ra as nt,s as J,u as s,ua as P,v as Je,va as _,w as t,wa as at,xa as ne,z as f}from"./chunk-JMGVCNAO.js";import{d as $,e as L,f as j,g as Ne,k as Qe,l as Ye,w as Ze,x as W}from"./chunk-CP3WDGD6.js";var ft={webhook:{title:"Webhook",back:"Webhooks",tabsLabel:"Parts of the webhook",tabs:{health:"Health and figures",settings:"Settings",secrets:"Secrets",request:"Headers and request",subscriptions:"Subscriptions",replays:"Replays"},id:"Webhook id",idUse:"Campaigns and programs that submit reports name this id as webhook_id to send a report here.",missing:"This webhook does not exist",missingText:"It was deleted, or it belongs to another account. Its deliveries stay in the log.",toList:"Go to the webhooks",toDeliveries:"Show its deliveries",compose:"Compose",test:"Send a test",pause:"Pause",activate:"Activate",replay:"Replay",delete:"Delete",rowActions:"Actions",activated:"{name} is active",paused:"{name} is paused",deleted:"{name} was deleted",changedMeanwhile:"This webhook has changed since the page showed it. Nothing was done; the page shows it as it is now.",pauseTitle:"Pause {name}?",pauseText:"While it is paused, its reports are skipped, and so are deliveries that wait for a retry. Activate it to receive reports again, and replay what was skipped.",health:{title:"Health",status:"Status",circuit:"Circuit",failingSince:"Failing since",failures:{one:"{count} failed attempt in a row",other:"{count} failed attempts in a row"},openSince:"Circuit open since",nextProbe:"Next try",disableAt:"Deactivation",disableHint:"at the next failure from then on, unless a delivery succeeds before",disabledAt:"Deactivated at",lastFailure:"Last failure",lastSuccess:"Last recovery",lastSuccessHint:"when an accepted request last ended failures; later successes are in the figures",noFailure:"No attempt with these settings has failed.",answer:"answered {code}",noAnswer:"no answer ({type})",now:"now",unknownReason:"the receiver keeps failing",lead:{open:"Sending is stopped: {reason}.",failing:"The latest attempts failed: {reason}.",failingLong:"The last failure: {reason}."},tryNow:"Send waiting deliveries now",tried:"Waiting deliveries are being sent",toReplay:"Replay what was missed",state:{active:"This webhook is healthy: its reports are sent as they come in.",failing:"Callhook retries them by the schedule. After ten failures in a row it stops sending for a while, so that the receiver can recover.",open:"Nothing is lost: deliveries wait without using up attempts, and one is sent as a probe at the time below. Once it is accepted, all waiting deliveries are sent.",openAction:"Fix the receiver and send a test. If the test is accepted, send the waiting deliveries now instead of waiting for the next try.",half_open:"Callhook is sending one delivery as a probe. If it is accepted, all waiting deliveries are sent; if it fails, the circuit stays open for longer.",inactive:"This webhook is paused: its reports are skipped until you activate it.",inactiveAction:"After you activate it, replay the time of the pause to send the skipped reports.",failingLong:"Callhook deactivated this webhook, because every delivery failed for days. Its reports are skipped until you activate it.",gone:"Callhook deactivated this webhook, because its receiver answered 410 Gone. Its reports are skipped until you activate it.",disabledAction:"Fix the receiver or the URL, send a test, activate the webhook, and replay what was missed."}},trial:{title:"Send a test",lead:"Sends one signed request with a sample report now. It is not retried, and not in the log. Its webhook-id begins with test_, so the receiver can tell it from a report.",sample:"Sample report",samples:{OBD:"OBD: outbound campaign",C2C:"C2C: click to call"},send:"Send a test",again:"Send again",sending:"Waiting for the receiver…",accepted:"accepted",refused:"not accepted",status:"Status code",latency:"Latency",address:"Address",request:"Request",id:"Test id",response:"Response",headers:"Response headers",withoutBody:"The response has no body.",binary:"Response, base64",circuit:"An accepted test does not close the circuit. Send the waiting deliveries to close it.",paused:"The test is sent although the webhook receives no reports now."},figures:{title:"Figures",hint:"Counted from the log, about a minute late. Hours are those in which attempts and deliveries ended.",day:"Last 24 hours",week:"Last 7 days",measure:"Measure",delivered:"Deliveries delivered",failed:"Deliveries failed",skipped:"Deliveries skipped",success_rate:"Success rate",attempts:"Requests",failed_attempts:"Requests failed",p50:"Latency p50, estimated",p95:"Latency p95, estimated"},recent:{title:"Recent deliveries",all:"All deliveries",report:"Report",status:"Status",received:"Received",attempts:"Attempts",answer:"Last answer",latency:"Latency",none:"No deliveries yet",subscribed:"Subscribed to all reports; the next one shows here.",subscribedSome:"Subscribed; the next report that fits shows here.",noneText:"Send a test to try the receiver, then subscribe the webhook to reports or name its id in a report.",subscribe:"Add a subscription"},settings:{title:"Settings",readOnly:"Your key lacks the scope webhooks:write, so you can read these settings and not change them.",name:"Name",description:"Description",descriptionHint:"Optional; for the people who read this page.",status:"Status",statusHint:"A paused webhook skips its reports.",statuses:{active:"Active",inactive:"Paused",disabled:"Deactivated by Callhook"},timeout_seconds:"Timeout of an attempt, in seconds",timeoutHint:"1 to 30; empty is 15.",success_codes:"Success codes",codesHint:"Codes from 200 to 399 that count as delivered. A redirect may count; it is never followed. Empty is 200, 202.",max_per_second:"Requests a second, at most",maxHint:"1 to 1,000; empty is no limit. The long-term rate is five sixths of it.",retry:"Retries",mask:"Masked numbers",maskHint:"Requests hold only the last four digits of these numbers. The log keeps them whole.",masks:{from:"from",to:"to",bridge:"bridge"},receiver:"Receiver",receiverHint:"Compose the method, URL, headers and body on a separate page.",save:"Save changes",discard:"Discard changes",saved:"Settings saved",unsaved:"You have unsaved changes.",notANumber:"Write a whole number.",notCodes:"Write codes such as 200, 202.",failed:"The settings were not saved. What you typed is still here.",wrongField:"Nothing was saved. Fix the marked fields, then save again.",none:"none",noLimit:"no limit",default:"default"},schedule:{presets:"Presets",preset:{standard:"Standard, 3 days",quick:"Quick, 43 min",patient:"Patient, 6 days",once:"One attempt"},wait:"Wait {number}",unit:"Unit of wait {number}",units:{s:"seconds",min:"minutes",h:"hours",d:"days"},attempt:"attempt {number} after {time}",unclear:"Write a number of at least a second.",tooLong:"A wait is at most 7 days.",add:"Add a wait",remove:"Remove wait {number}",full:"A schedule has at most 12 waits.",none:"One attempt, no retries: a delivery fails with its first failure.",total:"{count} attempts; the last one {time} after the first.",spread:"Each wait is spread by ±20 %. An open circuit uses up no attempts.",picture:"When each attempt happens, on a logarithmic scale",first:"immediately",dot:"Attempt {number}: {time}",after:"{time} after the first"},conflict:{title:"These settings changed meanwhile",text:"Version {saved} was saved since you opened version {base}. Choose for each setting which one to keep, then save.",others:"Also changed since, and kept as saved: {names}.",same:"The saved settings are the same as yours: nothing is left to save.",setting:"Setting",yours:"Yours",saved:"Saved",keepYours:"Keep yours for {name}",keepSaved:"Keep the saved one for {name}",save:"Save with these choices",back:"Back to the form",done:"Use the saved settings"},secrets:{named:"Named secrets",namedHint:"Values for %name% in the URL, headers and body. Callhook stores them and shows none of them again, so you can replace a value and not read it.",name:"Name",nameHint:"A letter or _, then letters, digits, _ and -.",value:"Value",newValue:"New value of {name}",setAt:"Set",uses:"Used in",unused:"not used",places:{url:"URL",body:"body",header:"header {name}"},add:"Add a secret",save:"Save",replace:"Replace",remove:"Remove",saved:"{name} was saved",removed:"{name} was removed",none:"No named secrets",noneText:"Keep tokens out of templates: save one here and write %name% in a header.",removeTitle:"Remove the secret {name}?",removeText:"Callhook deletes the value of {name} and cannot restore it.",removeUsed:"It is used in: {uses}. Callhook refuses to remove it until the request is composed without it.",taken:"There is a secret of this name: replace it in the table.",empty:"Write a value.",bearer:"Bearer secret",bearerHint:"Sent as Authorization: Bearer … with every request, for receivers that expect it. The signature is the stronger proof, since it never contains the secret.",bearerNone:"Not set.",bearerAdd:"Set a bearer secret",bearerNew:"New bearer secret",bearerName:"the bearer secret",removeBearer:"Requests to {name} no longer have an Authorization header from it. Callhook deletes the value and cannot restore it.",needsWrite:"Your key lacks the scope webhooks:write, so you can see when secrets were set and not change them."},signing:{title:"Signing secret",lead:"Callhook signs each request with it (Standard Webhooks). It is shown when it is created and never again.",setAt:"Current secret set",earlier:"Earlier secrets",until:"signs until",noEarlier:"None: only the current secret signs.",rotate:"Rotate the secret",overlap:"The old secret still signs for",overlaps:{86400:"a day (default)",3600:"an hour",604800:"7 days",0:"not at all: it has leaked, or the receiver has changed"},steps:"How to rotate",step1:"Rotate. From then on, every request carries a signature with the new secret and one with the old.",step2:"Wait a minute: deliveries see the rotation within 30 s. Then give every receiver the new secret, within the overlap.",step3:"Nothing is left to do: the old secret ends by itself.",stepsDone:"What to do now",step1Now:"Rotate. The old secret and all before it end within 30 s.",step2Now:"Give every receiver the new secret immediately: requests carry no signature with the old one after 30 s, and a receiver that knows only the old one refuses them.",own:"Use a secret of my own",ownHint:"whsec_ and the base64 of 24 to 64 random bytes. If the answer is lost, the same request again changes nothing.",ownLabel:"My secret",generate:"Generate one in this browser",confirmTitle:"Rotate and end all earlier secrets?",confirmText:"The signing secret of {name} and all before it end within 30 s. Receivers that do not have the new one by then refuse requests, and those are retried by the schedule.",newTitle:"The new signing secret of {name}",secretName:"the signing secret",lost:"The answer may be lost while the rotation took effect: then the current secret was set just now, and you do not have it. In that case rotate once more.",verify:"How a receiver verifies",verifyText:"Compute an HMAC-SHA256 over the id, the time and the exact bytes of the body, and compare it with each signature of the header in constant time. Refuse requests that are older than five minutes.",verifyUrl:"This webhook puts content into its URL: verify webhook-url-signature as well, or nothing covers that content.",language:"Language",docs:"API reference",standard:"Libraries of Standard Webhooks"},request:{title:"Composed request",lead:"The request as it is saved. Variables are written as {{name}}, secrets as %name%.",compose:"Change it in Compose",method:"Method",url:"URL",headers:"Headers",noHeaders:"No headers of your own. Callhook adds webhook-id, webhook-timestamp, webhook-signature, content-type and user-agent.",body:"Body",format:"Body, {format}",defaultBody:"The default payload: the fields of the report as JSON.",withoutBody:"A GET request has no body.",warnings:{one:"{count} warning: it is valid, and probably a mistake",other:"{count} warnings: they are valid, and probably mistakes"},preview:"As it is sent",previewHint:"Rendered for a sample report; ••• stands for secrets. Nothing is sent.",emptyBody:"No body."},subscriptions:{title:"Subscriptions",explain:"A subscription sends this webhook the reports of an event, from now on: all, or those of a bridge number, a flow or a source. A report can also name the webhook itself as webhook_id, as campaigns do: it needs no subscription. A webhook that is reached in both ways gets the report once.",event:"Event",identity:"Reports",created:"Since",add:"Add a subscription",added:"Subscribed",eventHint:"The event of the report; voice:message:out unless the report names another.",kind:"Which reports",kinds:{all:"All",number:"Of a bridge number",flow:"Of a flow",source:"Of a source"},of:{all:"All reports",number:"Bridge number",flow:"Flow",source:"Source"},values:{number:"Bridge number",flow:"Flow id",source:"Source"},hints:{number:"With the country code. Spaces, +, 00, dashes and brackets do not count; 080… without the country code is another number.",flow:"The flow_id of the reports.",source:"OBD or C2C, in any letter case."},valueMissing:"Write a value.",exists:"This webhook has this subscription already: it is marked in the list.",delay:"A new subscription takes effect within 30 s.",delete:"Delete",deleteTitle:"Delete the subscription?",deleteText:"Reports of {event} ({identity}) no longer reach {name}, unless they name it as webhook_id or match another subscription.",deleted:"Subscription deleted",none:"No subscriptions",noneText:"This webhook gets only reports that name it as webhook_id.",oneWebhook:"Your key is limited to this webhook: it can delete subscriptions but not create them."}},replays:{title:"Replays",one:"Replay",lead:"A replay sends the deliveries of a time range again, with the current settings and the same webhook-id.",back:"Replays of {name}",backPlain:"Replays of the webhook",range:"Reports of",deliveries:"Deliveries",which:{failed:"Failed and skipped",all:"All"},whichHint:{failed:"those that ended as failed or skipped",all:"delivered ones as well: receivers get them a second time"},status:"Status",progress:"Progress",counting:"counting",doneOf:"{done} of {total}",missing:"Missing",created:"Started",updated:"Last change",new:"New replay",from:"From",to:"To, not included",zone:"Times in {zone}. They are the times of the reports: the end of the call, else its start, else the receipt.",lastHour:"Last hour",lastDay:"Last 24 hours",sinceFailing:"Since it failed",start:{failed:"Replay failed and skipped",all:"Replay all"},wrong:{from:"Choose when the range begins.",to:"Choose when the range ends.",order:"The range must end after it begins."},confirmTitle:"Replay to {name}?",confirmAction:"Start the replay",confirmText:"This sends deliveries of {name} with reports from {from} to {to} ({zone}) again.",confirmCount:{one:"{count} delivery goes out.",other:"{count} deliveries go out."},confirmMore:"{count} or more deliveries go out.",confirmNone:"The log has no such delivery in this range: nothing would go out.",confirmUnknown:"The deliveries could not be counted.",confirmCounting:"Counting the deliveries…",confirmAll:"Delivered ones go out again as well. Receivers tell repetitions by the webhook-id.",started:"The replay has started",notActive:"This webhook receives nothing now. Activate it, then replay.",none:"No replays",noneText:"Use one after an outage to send failed deliveries, or those that were skipped while the webhook was paused.",id:"Replay id",total:"Deliveries counted",done:"Done",queued:"Queued",doneHint:"sent, or ended without a request: skipped, not rendered, or accepted meanwhile",queuedHint:"wait for their request, at most 1,000 at a time",missingHint:"no longer in the log, or the log did not show their request within 15 minutes, twice",missingNote:"Look for the missing ones in the deliveries of this range. If they are not there, the operator looks for them among the dead letters.",noneInRange:"There was nothing to send in this range.",state:{counting:"Callhook counts the deliveries of the range.",sending:"Deliveries go out in the background. A delivery that its receiver refuses follows the retry schedule from its beginning; the replay does not wait for that.",completed:"The replay is over. A delivery whose receiver refused it may still be retrying.",cancelled:"You or another key cancelled this replay. Queued deliveries are still sent.",expired:"The replay was not over after 13 days and has ended. Start another for the rest."},progressLabel:"Progress of the replay",cancel:"Cancel the replay",keep:"Keep it running",cancelTitle:"Cancel the replay to {name}?",cancelText:"{done} of {total} are done. Queued ones ({queued}) are still sent; the rest is not.",cancelTextCounting:"The deliveries are being counted. Those that are not queued yet are not sent.",cancelled:"The replay was cancelled",toDeliveries:"Deliveries of this range",notFound:"This replay does not exist",notFoundText:"A replay can be looked up for 30 days after its last change."}};var bt='.webhook-columns{display:grid;gap:var(--s4);grid-template-columns:minmax(0,3fr) minmax(0,2fr);align-items:start}.webhook-columns>.panel+.panel{margin-top:0}@media(max-width:1200px){.webhook-columns{grid-template-columns:minmax(0,1fr)}}.webhook-columns p+p{margin-top:var(--s1)}.note.good{border-left-color:var(--delivered-mark);background:var(--delivered-soft)}.small{font-size:var(--text-s);line-height:16px}.webhook-line{display:flex;flex-wrap:wrap;gap:var(--s2) var(--s3);align-items:end}.webhook-line>.field{min-width:min(100%,220px)}.webhook-line>span{min-height:var(--control);display:inline-flex;align-items:center;gap:var(--s1)}.webhook-figures tbody th{color:inherit;font-size:inherit;font-weight:400;white-space:normal}.webhook-figures tbody th,.webhook-figures td{height:var(--row);padding-top:var(--s1);padding-bottom:var(--s1)}.webhook-figures tbody tr:last-child th{border-bottom:0}.webhook-fieldset{display:grid;gap:var(--s2);margin:0;padding:0;border:0;min-width:0}.webhook-fieldset>legend{padding:0 0 var(--s1);font-weight:500}.webhook-fieldset .buttons{gap:var(--s2) var(--s4)}.webhook-schedule .buttons{gap:var(--s2)}.webhook-fieldset .error{color:var(--failed);font-size:var(--text-s);overflow-wrap:anywhere}.button[aria-pressed=true]:not(.icon){border-color:var(--accent);background:var(--accent-soft);color:var(--accent-strong)}.webhook-receiver{display:flex;flex-wrap:wrap;align-items:center;gap:var(--s2) var(--s3)}.webhook-save{padding:var(--s3) 0;background:var(--surface);border-top:1px solid var(--border)}.webhook-save.sticky{position:sticky;bottom:0;z-index:1}@media(max-width:600px){.webhook-save.sticky{bottom:52px}}.webhook-waits{display:grid;gap:var(--s2);counter-reset:wait}.webhook-waits li{display:grid;grid-template-columns:72px 104px auto minmax(0,1fr);gap:var(--s2);align-items:center}@media(max-width:600px){.webhook-waits li{grid-template-columns:72px 104px auto}.webhook-waits li>:nth-child(4){grid-column:1 / -1}}.webhook-picture{display:grid;gap:var(--s2);padding:var(--s3) var(--s4);border:1px solid var(--border);border-radius:var(--radius);background:var(--sunken)}.webhook-picture .line{position:relative;height:36px;margin:0 var(--s2)}.webhook-picture .line:before{content:"";position:absolute;left:0;right:0;top:9px;height:2px;background:var(--border-control)}.webhook-picture .dot{position:absolute;top:4px;width:12px;height:12px;margin-left:-6px;border-radius:50%;background:var(--accent);border:2px solid var(--sunken)}.webhook-picture .mark{position:absolute;top:20px;transform:translate(-50%);color:var(--muted);font-size:var(--text-s);line-height:16px;white-space:nowrap}.webhook-picture .mark:before{content:"";position:absolute;left:50%;top:-10px;width:1px;height:8px;background:var(--border-control)}.webhook-conflict td{white-space:normal;overflow-wrap:anywhere;min-width:180px}.webhook-conflict th[scope=row]{color:inherit;font-size:inherit;white-space:normal}.webhook-conflict tbody tr:last-child th{border-bottom:0}.webhook-conflict .check{align-items:start}.webhook-conflict .check input{margin-top:2px}.webhook-row-buttons{display:inline-flex;gap:var(--s2)}.panel>p.body{padding-bottom:0}.webhook-form{border-bottom:1px solid var(--border)}.table td.webhook-form-cell{max-width:none;padding:var(--s4);overflow:visible;white-space:normal;background:var(--sunken)}.table.cards td.webhook-form-cell:before{content:none}.table.cards td.webhook-form-cell>.form{flex:1;text-align:left}.webhook-rotation{padding-top:var(--s4);border-top:1px solid var(--border)}.webhook-steps{display:grid;gap:var(--s1);margin-top:var(--s1);padding-left:20px;list-style:decimal}.webhook-halves{display:grid;gap:var(--s4);grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));align-items:start}.webhook-halves>.panel+.panel{margin-top:0}.webhook-identity{display:inline-flex;align-items:baseline;gap:var(--s1)}.webhook-marked{padding:0 var(--s1);border-radius:4px;background:var(--retrying-soft);outline:2px solid var(--retrying-mark)}.replay-bar{display:flex;height:16px;overflow:hidden;border:1px solid var(--border-control);border-radius:var(--radius);background:var(--sunken)}.replay-bar span{min-width:2px;transition:width var(--fade)}.replay-bar .done,.swatch.done{background:var(--delivered-mark)}.replay-bar .missing,.swatch.missing{background:var(--failed-mark)}.replay-bar .queued,.swatch.queued{background:repeating-linear-gradient(135deg,var(--retrying-mark) 0 4px,var(--retrying-soft) 4px 8px)}.replay-bar .counting{width:100%;background:repeating-linear-gradient(135deg,var(--skipped-mark) 0 8px,var(--sunken) 8px 16px);opacity:.5}.replay-counts{display:grid;gap:var(--s4);grid-template-columns:repeat(auto-fit,minmax(160px,1fr))}.replay-counts .label{display:flex;align-items:center;gap:6px;order:-1}.replay-counts .figure{align-content:start}.swatch{width:10px;height:10px;border-radius:2px;border:1px solid var(--border-control);flex:none}.swatch.total{background:var(--sunken)}';function wt({replay:e,name:o,reload:r,onClose:i}){let n=async()=>{try{await w("cancelReplay",{params:{id:e.webhook_id,replay_id:e.id}})}finally{r()}O(t("replays.cancelled")),i()};return s`
    <${F} title=${t("replays.cancelTitle",{name:o})} action=${t("replays.cancel")} cancel=${t("replays.keep")} onConfirm=${n} onClose=${i}>
      <p>${t(e.total===null?"replays.cancelTextCounting":"replays.cancelText",e)}</p>
    <//>`}function Be(e,o){return e?o?mt({from:e,to:o})?"order":null:"to":"from"}function kt(e){return{count:e.reduce((o,{data:r})=>o+r.length,0),isMore:e.some(({next_cursor:o})=>o!=null)}}function gt({total:e,done:o,queued:r,missing:i}){if(e==null)return null;let n=a=>e?Math.min(a/e,1):0;return{done:e?n(o):1,missing:n(i),queued:n(r)}}var pe=({status:e})=>e==="counting"||e==="sending";var go=new Intl.NumberFormat("en"),vo=["total","done","queued","missing"];function vt({replay:e}){let o=gt(e),r=o&&Math.floor((o.done+o.missing)*100),i=n=>o[n]>0&&s`<span class=${n} style=${{width:`${o[n]*100}%`}} />`;return s`
    <div class="replay-bar" role="progressbar" aria-label=${t("replays.progressLabel")} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${r??void 0}
      aria-valuetext=${o?t("replays.doneOf",e):t("replays.counting")}>
      ${o?s`${i("done")}${i("missing")}${i("queued")}`:s`<span class="counting" />`}
    </div>
    <dl class="replay-counts">
      ${vo.map(n=>s`
        <div key=${n} class="figure">
          <dt class="label"><span class=${`swatch ${n}`} />${t(`replays.${n}`)}</dt>
          <dd class="value">${e[n]===null?"–":go.format(e[n])}</dd>
          ${n!=="total"&&s`<dd class="muted small">${t(`replays.${n}Hint`)}</dd>`}
        </div>`)}
    </dl>
    ${e.missing>0&&s`<${S} kind="failed">${t("replays.missingNote")}<//>`}`}function yo({webhookId:e,id:o}){let[r,i]=$(!1),[n,a]=$(!1),l=b=>w("readReplay",{params:{id:e,replay_id:o},signal:b}),{data:c,error:d,reload:m}=D(l,[e,o],{every:r?void 0:2e3}),p=b=>g("webhooks:read")?w("readWebhook",{params:{id:e},signal:b}):null,{data:u}=D(p,[e]);L(()=>i(!!(c&&!pe(c))||d?.kind==="not-found"),[c,d]);let h=u?.name??dt(e),k=[A(`/webhooks/${e}`,{tab:"replays"}),u?t("replays.back",{name:h}):t("replays.backPlain")];if(d?.kind==="not-found")return s`<${oe} title=${t("replays.one")} back=${k}>
      <div class="panel"><${M} title=${t("replays.notFound")} text=${t("replays.notFoundText")} action=${s`<${R} href=${k[0]}>${t("replays.title")}<//>`} /></div><//>`;let x=c&&pe(c)&&g("deliveries:write")&&s`<${f} kind="danger" onClick=${()=>a(!0)}>${t("replays.cancel")}<//>`;return s`
    <${oe} title=${t("replays.one")} back=${k} beside=${c&&s`<${P} value=${c.status} />`} actions=${x}>
      ${d&&s`<${C} error=${d} retry=${m} />`}
      ${c?s`<${xo} replay=${c} />`:!d&&s`<div class="panel"><div class="body"><${Z} lines=${8} /></div></div>`}
      ${n&&s`<${wt} replay=${c} name=${h} reload=${m} onClose=${()=>a(!1)} />`}
    <//>`}function xo({replay:e}){let{id:o,webhook_id:r,deliveries:i,from:n,to:a,status:l}=e,c=A("/deliveries",{webhook_id:r,from:n,to:a});return s`
    <div class="stack">
      <${v} title=${t("replays.progress")}>
        <div class="stack">
          <p>${t(l==="completed"&&e.total===0?"replays.noneInRange":`replays.state.${l}`)}</p>
          <${vt} replay=${e} />
        </div>
      <//>
      <${v} actions=${s`<${R} kind="small" href=${c}>${t("replays.toDeliveries")}<//>`} title=${t("replays.one")}>
        <${z} of=${[[t("replays.range"),s`<${_} at=${n} /> – <${_} at=${a} />`],[t("replays.deliveries"),s`${t(`replays.which.${i}`)} <span class="muted">${t(`replays.whichHint.${i}`)}</span>`],[t("replays.created"),s`<${_} at=${e.created_at} />`],[t("replays.updated"),s`<${_} at=${e.updated_at} />`],[t("replays.id"),s`<${ee} value=${o} what=${t("replays.id")} whole />`]]} />
      <//>
    </div>`}var So=5e3,he=Qe(null),yt=(e,o=Date.now())=>he.set({id:e,at:o});function xt(e,o=Date.now()){let r=he.get();return r?.id!==e?!1:(he.set(null),o-r.at<So)}function St({webhook:e,reload:o}){let[r,i]=$(null),{busy:n,run:a}=q(),l=`/webhooks/${e.id}`,c=g("webhooks:write"),d=()=>i(null),m=y=>i({does:y,webhook:e}),p=()=>a(async()=>{try{await ye(e,"active",e.version),O(t("webhook.activated",{name:e.name}))}catch(y){y.kind==="precondition"?De(t("webhook.changedMeanwhile")):De(et(y),p)}o()}),u=async y=>{try{await y(r.webhook)}catch(T){if(T.kind!=="precondition")throw T;let N=await w("readWebhook",{params:{id:e.id}});return i(G=>G&&{...G,webhook:N,isChanged:!0}),o(),!1}return!0},h=r?.isChanged&&s`<${S} kind="warning"><span role="alert">${t("webhook.changedMeanwhile")}</span><//>`,k=()=>u(async({name:y,version:T})=>{await ye(e,"inactive",T),O(t("webhook.paused",{name:y})),d(),o()}),x=()=>u(async({id:y,name:T,version:N})=>{await w("deleteWebhook",{params:{id:y},version:N}),ge(),O(t("webhook.deleted",{name:T})),ce("/webhooks")}),b=()=>{yt(e.id),ce(l,{test:"OBD"})};return s`
    ${c&&s`<${R} icon="edit" href=${A(`${l}/compose`)}>${t("webhook.compose")}<//>`}
    ${g("deliveries:write")&&g("deliveries:read")&&s`<${R} icon="refresh" href=${A(l,{tab:"replays"})}>${t("webhook.replay")}<//>`}
    ${c&&s`
      ${e.status==="active"?s`<${f} icon="pause" onClick=${()=>m("pause")}>${t("webhook.pause")}<//>`:s`<${f} icon="play" busy=${n} onClick=${p}>${t("webhook.activate")}<//>`}
      <${f} icon="trash" kind="danger" onClick=${()=>m("delete")}>${t("webhook.delete")}<//>
      <${f} icon="play" kind="primary" onClick=${b}>${t("webhook.test")}<//>`}
    ${r?.does==="pause"&&s`
      <${F} title=${t("webhook.pauseTitle",{name:r.webhook.name})} action=${t("webhook.pause")} onConfirm=${k} onClose=${d}>
        <p>${t("webhook.pauseText")}</p>${h}<//>`}
    ${r?.does==="delete"&&s`<${$t} webhook=${r.webhook} onDelete=${x} onClose=${d}>${h}<//>`}`}var ye=(e,o,r)=>w("changeWebhook",{params:{id:e.id},body:{status:o},version:r});var Tt=[["delivered",({delivered:e})=>ie(e)],["failed",({failed:e})=>ie(e)],["skipped",({skipped:e})=>ie(e)],["success_rate",({successRate:e})=>rt(e)],["attempts",({attempts:e})=>ie(e)],["failed_attempts",({failedAttempts:e})=>ie(e)],["p50",({p50:e})=>_t(e)],["p95",({p95:e})=>_t(e)]],_t=e=>e===null?"–":W(e);function At({webhook:e}){let o=c=>w("readFigures",{params:{id:e.id},query:{from:ot("7d")},signal:c}),{data:r,error:i,reload:n}=D(o,[e.id],{every:6e4}),a=Ne(()=>r&&st(r.data,"24h",Q()),[r]),l=Ne(()=>r&&{day:qe(r.data.slice(-24)),week:qe(r.data.slice(-168))},[r]);return s`
    <${v} title=${t("webhook.figures.title")} flush>
      ${i&&!r&&s`<div class="body"><${C} error=${i} retry=${n} /></div>`}
      ${!r&&!i&&s`<div class="body"><${Z} lines=${Tt.length} /></div>`}
      ${r&&s`
        <div class="body"><${at} buckets=${a} step="hour" total=${l.day} /></div>
        <${_o} ...${l} />
        <p class="table-foot">${t("webhook.figures.hint")}</p>`}
    <//>`}var _o=({day:e,week:o})=>s`
  <table class="table webhook-figures">
    <caption class="sr">${t("webhook.figures.title")}</caption>
    <thead><tr>
      <th scope="col">${t("webhook.figures.measure")}</th>
      <th scope="col" class="right">${t("webhook.figures.day")}</th>
      <th scope="col" class="right">${t("webhook.figures.week")}</th>
    </tr></thead>
    <tbody>${Tt.map(([r,i])=>s`
      <tr key=${r}><th scope="row">${t(`webhook.figures.${r}`)}</th><td class="right">${i(e)}</td><td class="right">${i(o)}</td></tr>`)}</tbody>
  </table>`;function To({status:e,disabled_reason:o,health:r}){return e==="inactive"?"inactive":e==="disabled"?o==="gone"?"gone":"failingLong":r.circuit!=="closed"?r.circuit:r.consecutive_failures>0?"failing":"active"}function Ao(e,o){if(!Ct[e])return null;let r=o?.trim().replace(/[.]$/,"")??t("webhook.health.unknownReason");return t(Ct[e],{reason:r})}var Ct={open:"webhook.health.lead.open",half_open:"webhook.health.lead.open",failing:"webhook.health.lead.failing",failingLong:"webhook.health.lead.failingLong"},Ot={open:"openAction",inactive:"inactiveAction",failingLong:"disabledAction",gone:"disabledAction"},Co={open:"failed",failingLong:"failed",gone:"failed",half_open:"warning",failing:"warning",inactive:"warning"};function Nt({webhook:e,reload:o}){let{health:r}=e,i=To(e),n=e.status==="active",a=Ao(i,r.last_failure?.meaning);return s`
    <${v} title=${t("webhook.health.title")}>
      <div class="stack">
        <div class=${`note ${Co[i]??"good"}`}><div class="text">
          ${a&&s`<p><strong>${a}</strong></p>`}
          <p>${t(`webhook.health.state.${i}`)}</p>
          ${Ot[i]&&s`<p>${t(`webhook.health.state.${Ot[i]}`)}</p>`}
        </div></div>
        <${Do} webhook=${e} state=${i} reload=${o} />
        <${z} of=${Oo([[t("webhook.health.status"),s`<${P} value=${e.status} />`],[t("webhook.health.disabledAt"),e.disabled_at&&s`<${_} at=${e.disabled_at} />`],[t("webhook.health.circuit"),n&&s`<${P} value=${r.circuit} />`],[t("webhook.health.openSince"),r.open_since&&s`<${_} at=${r.open_since} />`],[t("webhook.health.nextProbe"),r.next_probe_at&&s`<${No} at=${r.next_probe_at} />`],[t("webhook.health.failingSince"),r.failing_since&&s`
            <${_} at=${r.failing_since} /> <span class="muted">${t("webhook.health.failures",{count:r.consecutive_failures})}</span>`],[t("webhook.health.disableAt"),n&&r.disable_at&&s`<${_} at=${r.disable_at} /> <span class="muted">${t("webhook.health.disableHint")}</span>`],[t("webhook.health.lastFailure"),(n||r.last_failure)&&s`<${Ro} failure=${r.last_failure} />`],[t("webhook.health.lastSuccess"),r.last_success_at&&s`<${_} at=${r.last_success_at} /> <span class="muted">${t("webhook.health.lastSuccessHint")}</span>`],[t("webhook.id"),s`<div><${ee} value=${e.id} what=${t("webhook.id")} whole /><div class="muted small">${t("webhook.idUse")}</div></div>`]])} />
      </div>
    <//>`}var Oo=e=>e.filter(([,o])=>o);function No({at:e}){let o=nt(it);return s`<${_} at=${e} /> <span class="muted">${new Date(e)>o?Ze(e,o):t("webhook.health.now")}</span>`}var Ee=({type:e,reason:o})=>o?`${e}: ${o}`:e;function Ro({failure:e}){if(!e)return s`<span class="muted">${t("webhook.health.noFailure")}</span>`;let{error:o,status_code:r}=e,i=o?t("webhook.health.noAnswer",{type:Ee(o)}):t("webhook.health.answer",{code:r});return s`<div><${_} at=${e.at} /> <span class="muted">${i}</span><div class="anywhere">${e.meaning}</div></div>`}function Do({webhook:e,state:o,reload:r}){let{busy:i,error:n,run:a}=q(),l=()=>a(async()=>{await ye(e,"active"),O(t("webhook.health.tried")),r()}),c=e.health.failing_since??e.disabled_at,d=A(`/webhooks/${e.id}`,{tab:"replays",...c&&ke(c)}),m=o==="open"&&g("webhooks:write"),p=["failing","failingLong","gone"].includes(o)&&g("deliveries:write")&&g("deliveries:read");return!m&&!p?null:s`
    <div class="buttons">
      ${m&&s`<${f} busy=${i} onClick=${l}>${t("webhook.health.tryNow")}<//>`}
      ${p&&s`<${R} href=${d}>${t("webhook.health.toReplay")}<//>`}
    </div>
    <${C} error=${n} />`}async function xe(e,o,r){let i=[],n=o;for(let a=0;a<10;a+=1){let l=await r(n);if(i.push(...l.data.filter(c=>c.webhook_id===e)),n=l.next_cursor,i.length||n===null)break}return{data:i,next_cursor:n}}var Rt=e=>A(`/deliveries/${e.id}`),qo=e=>e&&(e.status_code??e.error?.type),Fo=e=>[{name:"report",title:t("webhook.recent.report"),cell:o=>s`<${ee} value=${o.report_id} what=${t("webhook.recent.report")} href=${Rt(o)} />`},{name:"status",title:t("webhook.recent.status"),cell:o=>s`<${P} value=${o.status} next=${o.next_attempt_at} health=${e} />`},{name:"received",title:t("webhook.recent.received"),cell:o=>s`<${_} at=${o.received_at} />`},{name:"attempts",title:t("webhook.recent.attempts"),right:!0,cell:o=>o.attempt_count},{name:"answer",title:t("webhook.recent.answer"),cell:o=>s`<span title=${o.detail}>${qo(o.last_attempt)??"–"}</span>`},{name:"latency",title:t("webhook.recent.latency"),right:!0,cell:o=>o.last_attempt?W(o.last_attempt.latency_ms):"–"}];function Dt({webhook:e}){let{id:o}=e,r=p=>w("listDeliveries",{params:{id:o},query:{limit:10},signal:p}),{data:i,error:n,loading:a,reload:l}=D(r,[o],{every:1e4}),c={rows:i?.data,error:n,loading:a,hasMore:!1,reload:l},d=s`<${R} kind="small" href=${A("/deliveries",{webhook_id:o})}>${t("webhook.recent.all")}<//>`,m=s`<${Bo} id=${o} />`;return s`
    <${v} title=${t("webhook.recent.title")} actions=${d} flush>
      <${ne} label=${t("webhook.recent.title")} columns=${Fo(e.health)} pages=${c} linkOf=${Rt} empty=${m} />
    <//>`}function Bo({id:e}){let o=c=>xe(e,void 0,d=>w("listSubscriptions",{query:{limit:100,cursor:d},signal:c})),{data:r}=D(o,[e]),i=r?.data??[],n=i.some(({identity:c})=>c==="all"),a=i.length?t(n?"webhook.recent.subscribed":"webhook.recent.subscribedSome"):t("webhook.recent.noneText"),l=!i.length&&s`<${R} href=${A(`/webhooks/${e}`,{tab:"subscriptions"})}>${t("webhook.recent.subscribe")}<//>`;return s`<${M} title=${t("webhook.recent.none")} text=${a} action=${l} curl=${J("listDeliveries",{params:{id:e}})} />`}var qt=["OBD","C2C"];function Ft({webhook:e}){let{test:o}=X(),r=j(null),i=j(null),[n,a]=$(null),{busy:l,error:c,run:d}=q(),m=qt.includes(o)?o:"OBD",p=()=>d(async()=>{a(null),a(await w("testWebhook",{params:{id:e.id},body:{sample:m}}))}),u=Ye(he);return L(()=>{xt(e.id)&&p()},[u,e.id]),L(()=>{(n||c)&&i.current?.scrollIntoView({block:"nearest"})},[n,c]),L(()=>{o&&(r.current.scrollIntoView({block:"center"}),r.current.querySelector("button")?.focus({preventScroll:!0}))},[!!o]),s`
    <div ref=${r}>
      <${v} title=${t("webhook.trial.title")}>
        <div class="stack">
          <p class="muted">${t("webhook.trial.lead")}</p>
          <div class="webhook-line">
            <${B} label=${t("webhook.trial.sample")} value=${m} onValue=${h=>Y({test:h})}
              options=${qt.map(h=>[h,t(`webhook.trial.samples.${h}`)])} />
            <${f} icon="play" busy=${l} onClick=${p}>${t(n||c?"webhook.trial.again":"webhook.trial.send")}<//>
            <span class="muted" role="status">${l?t("webhook.trial.sending"):""}</span>
          </div>
          ${e.status!=="active"&&s`<p class="muted small">${t("webhook.trial.paused")}</p>`}
          <div ref=${i} class="stack webhook-answer">
            <${C} error=${c} retry=${p} />
            ${n&&s`<${Eo} result=${n} isOpen=${e.health.circuit!=="closed"} />`}
          </div>
        </div>
      <//>
    </div>`}function Eo({result:e,isOpen:o}){let{taken:r,meaning:i,status_code:n,error:a,latency_ms:l,request:c,address:d,id:m,response:p,response_headers:u}=e,h=me(u);return s`
    <div class="stack" role="status">
      <${S} kind=${r?"good":"failed"}><strong>${t(r?"webhook.trial.accepted":"webhook.trial.refused")}</strong>: ${i}<//>
      ${r&&o&&s`<p class="muted small">${t("webhook.trial.circuit")}</p>`}
      <${z} of=${[[t("webhook.trial.status"),n??(a&&t("webhook.health.noAnswer",{type:Ee(a)}))],[t("webhook.trial.latency"),W(l)],[t("webhook.trial.request"),c&&s`<span class="mono">${c.method} ${c.url}</span>`],[t("webhook.trial.address"),d&&s`<span class="mono">${d}</span>`],[t("webhook.trial.id"),s`<span class="mono">${m}</span>`]]} />
      ${h&&s`<${E} text=${h} name=${t("webhook.trial.headers")} />`}
      ${p?.text&&s`<${E} text=${p.text} name=${t("webhook.trial.response")} json wrap />`}
      ${p?.base64&&s`<${E} text=${p.base64} name=${t("webhook.trial.binary")} wrap />`}
      ${n!==void 0&&!p?.text&&!p?.base64&&s`<p class="muted">${t("webhook.trial.withoutBody")}</p>`}
    </div>`}function He({webhook:e,reload:o}){let r=g("deliveries:read");return s`
    <div class="stack">
      <div class="webhook-columns">
        <${Nt} webhook=${e} reload=${o} />
        ${r?s`<${At} webhook=${e} />`:s`<${S}>${t("common.needsScope",{scope:"deliveries:read"})}<//>`}
      </div>
      ${g("webhooks:write")&&s`<${Ft} webhook=${e} />`}
      ${r&&s`<${Dt} webhook=${e} />`}
    </div>`}var Ho={failed:["failed","skipped"],all:["failed","skipped","delivered"]};function Bt({webhook:e,from:o,to:r,deliveries:i,onClose:n}){let{id:a,name:l}=e,{data:c,error:d}=D(async u=>{let h=k=>w("listDeliveries",{params:{id:a},query:{status:k,from:o,to:r,limit:50},signal:u});return kt(await Promise.all(Ho[i].map(h)))},[a,o,r,i]),m=u=>de(u,Q()).replace("T"," "),p=async()=>{let u=await w("createReplay",{params:{id:a},body:{from:o,to:r,deliveries:i}});O(t("replays.started")),ce(`/webhooks/${a}/replays/${u.id}`)};return s`
    <${F} title=${t("replays.confirmTitle",{name:l})} action=${t("replays.confirmAction")} kind="primary" onConfirm=${p} onClose=${n}>
      <p class="anywhere">${t("replays.confirmText",{name:l,from:m(o),to:m(r),zone:Q()})}</p>
      <p role="status"><strong>${Lo(c,d)}</strong></p>
      ${i==="all"&&s`<p>${t("replays.confirmAll")}</p>`}
    <//>`}function Lo(e,o){return e?e.isMore?t("replays.confirmMore",e):e.count?t("replays.confirmCount",e):t("replays.confirmNone"):t(o?"replays.confirmUnknown":"replays.confirmCounting")}var Et=36e5;function Ht({webhook:e}){let{from:o,to:r,deliveries:i}=X(),[n,a]=$(!1),[l,c]=$(!1),d=i==="all"?"all":"failed",[m,p]=[Fe(o),Fe(r)],u=n?Be(m,p):null,h=e.health.failing_since??e.disabled_at,k=b=>Y(ke(b));L(()=>{h&&!o&&!r&&k(h)},[e.id]);let x=b=>{b.preventDefault(),a(!0),Be(m,p)||c(!0)};return s`
    <${v} title=${t("replays.new")}>
      <form class="form" onSubmit=${x} novalidate>
        ${e.status!=="active"&&s`<${S} kind="warning">${t("replays.notActive")}<//>`}
        <div class="buttons">
          ${h&&s`<${f} kind="small" onClick=${()=>k(h)}>${t("replays.sinceFailing")}<//>`}
          <${f} kind="small" onClick=${()=>k(Date.now()-Et)}>${t("replays.lastHour")}<//>
          <${f} kind="small" onClick=${()=>k(Date.now()-24*Et)}>${t("replays.lastDay")}<//>
        </div>
        <div class="row">
          <${H} type="datetime-local" step="1" label=${t("replays.from")} value=${de(o,Q())} onValue=${b=>Y({from:b})}
            error=${u==="from"?t("replays.wrong.from"):void 0} />
          <${H} type="datetime-local" step="1" label=${t("replays.to")} value=${de(r,Q())} onValue=${b=>Y({to:b})}
            error=${u==="to"||u==="order"?t(`replays.wrong.${u}`):void 0} />
        </div>
        <p class="muted small">${t("replays.zone",{zone:Q()})}</p>
        <${B} label=${t("replays.deliveries")} hint=${t(`replays.whichHint.${d}`)} value=${d}
          onValue=${b=>Y({deliveries:b==="all"?b:void 0})}
          options=${["failed","all"].map(b=>[b,t(`replays.which.${b}`)])} />
        <div class="buttons"><${f} kind="primary" icon="refresh" type="submit" disabled=${e.status!=="active"}>${t(`replays.start.${d}`)}<//></div>
      </form>
      ${l&&s`<${Bt} webhook=${e} from=${m} to=${p} deliveries=${d} onClose=${()=>c(!1)} />`}
    <//>`}var Mo=5e3,Wo=()=>[{name:"range",title:t("replays.range"),cell:e=>s`<${Po} row=${e} />`},{name:"deliveries",title:t("replays.deliveries"),cell:e=>!e.unreadable&&t(`replays.which.${e.deliveries}`)},{name:"status",title:t("replays.status"),cell:e=>!e.unreadable&&s`<${P} value=${e.status} />`},{name:"progress",title:t("replays.progress"),right:!0,cell:e=>!e.unreadable&&(e.total===null?t("replays.counting"):t("replays.doneOf",e))},{name:"missing",title:t("replays.missing"),right:!0,cell:e=>e.missing},{name:"created",title:t("replays.created"),cell:e=>!e.unreadable&&s`<${_} at=${e.created_at} />`}],Lt=e=>e.unreadable?void 0:A(`/webhooks/${e.webhook_id}/replays/${e.id}`),Po=({row:e})=>e.unreadable?t("common.unreadable"):s`<a href=${Lt(e)}><${_} at=${e.from} /> – <${_} at=${e.to} /></a>`;function Mt({webhook:e}){let{id:o}=e,[r,i]=$(!1),n=be((c,d)=>w("listReplays",{params:{id:o},query:{limit:25,cursor:c},signal:d}),[o],{every:r?Mo:void 0}),a=!!n.rows?.some(pe);L(()=>i(a),[a]);let l=s`<${M} title=${t("replays.none")} text=${t("replays.noneText")}
    curl=${g("deliveries:write")&&J("createReplay",{params:{id:o},body:{from:"2026-11-22 08:00:00",to:"2026-11-22 12:00:00",deliveries:"failed"}})} />`;return s`
    <div class="stack">
      <p class="muted">${t("replays.lead")}</p>
      ${g("deliveries:write")?s`<${Ht} webhook=${e} />`:s`<${S}>${t("common.needsScope",{scope:"deliveries:write"})}<//>`}
      <${v} title=${t("replays.title")} flush>
        <${ne} label=${t("replays.title")} columns=${Wo()} pages=${n} linkOf=${Lt} empty=${l} />
      <//>
    </div>`}var Wt=["OBD","C2C"];function Pt({webhook:e}){let{sample:o}=X(),r=Wt.includes(o)?o:"OBD",i=d=>w("previewWebhook",{body:{webhook_id:e.id,sample:r},signal:d}),{data:n,error:a,reload:l}=D(i,[e.id,e.version,r]),c=g("webhooks:write")&&s`<${R} kind="small" icon="edit" href=${A(`/webhooks/${e.id}/compose`)}>${t("webhook.request.compose")}<//>`;return s`
    <div class="stack">
      ${n?.warnings.length>0&&s`<${S} kind="warning">
        ${t("webhook.request.warnings",{count:n.warnings.length})}
        <ul>${n.warnings.map(({field:d,message:m})=>s`<li><code>${d}</code> ${m}</li>`)}</ul><//>`}
      <div class="webhook-halves">
        <${v} title=${t("webhook.request.title")} actions=${c}>
          <div class="stack">
            <p class="muted">${t("webhook.request.lead")}</p>
            <${Uo} webhook=${e} />
          </div>
        <//>
        <${v} title=${t("webhook.request.preview")}>
          <div class="stack">
            <p class="muted">${t("webhook.request.previewHint")}</p>
            <div class="webhook-line"><${B} label=${t("webhook.trial.sample")} value=${r} onValue=${d=>Y({sample:d})}
              options=${Wt.map(d=>[d,t(`webhook.trial.samples.${d}`)])} /></div>
            <${C} error=${a} retry=${l} />
            ${n?s`<${Vo} preview=${n} />`:!a&&s`<${Z} lines=${8} />`}
          </div>
        <//>
      </div>
    </div>`}function Uo({webhook:e}){let{method:o,url:r,headers:i={},body:n}=e,a=Object.keys(i);return s`
    <${z} of=${[[t("webhook.request.method"),s`<span class="mono">${o}</span>`]]} />
    <${E} text=${r} name=${t("webhook.request.url")} wrap />
    ${a.length?s`<${E} text=${me(i)} name=${t("webhook.request.headers")} wrap />`:s`<p class="muted">${t("webhook.request.noHeaders")}</p>`}
    ${n&&s`<${E} text=${Ke(n.template)} name=${t("webhook.request.format",{format:n.format})} wrap />`}
    ${!n&&s`<p class="muted">${t(o==="GET"?"webhook.request.withoutBody":"webhook.request.defaultBody")}</p>`}`}var Vo=({preview:{method:e,url:o,headers:r,body:i}})=>s`
  <${E} text=${`${e} ${o}`} name=${t("webhook.request.url")} wrap />
  <${E} text=${me(r)} name=${t("webhook.request.headers")} wrap />
  ${i?s`<${E} text=${i} name=${t("webhook.request.body")} json wrap />`:s`<p class="muted">${t("webhook.request.emptyBody")}</p>`}`;function ue({label:e,field:o,first:r,isBlocked:i,onSave:n,onSaved:a,onCancel:l}){let c=re(),[d,m]=$(""),p=j(d);p.current=d;let[u,h]=$(!1),{busy:k,error:x,run:b}=q();return s`
    <form class="form" ref=${c} onSubmit=${T=>{T.preventDefault(),h(d===""),!(d===""||i)&&b(async()=>{await n(d),p.current===d&&a()})}}>
      ${r}
      <${ve} label=${e} value=${d} onValue=${m} error=${u&&d===""?t("webhook.secrets.empty"):x?.field?.(o)} />
      <${C} error=${x} />
      <div class="buttons">
        <${f} kind="primary" type="submit" busy=${k} disabled=${i}>${t("webhook.secrets.save")}<//>
        <${f} onClick=${l}>${t("common.cancel")}<//>
      </div>
      <${se} when=${d!==""} />
    </form>`}function Ut({webhook:e,reload:o}){let[r,i]=$(null),n=t("webhook.secrets.bearerName"),a=e.bearer_secret?.set_at,l=async m=>{await w("changeWebhook",{params:{id:e.id},body:{bearer_secret:m}}),O(t(m===null?"webhook.secrets.removed":"webhook.secrets.saved",{name:n})),o()},c=()=>i(null),d=async()=>{await l(null),c()};return s`
    <${v} title=${t("webhook.secrets.bearer")}>
      <div class="stack">
        <p class="muted">${t("webhook.secrets.bearerHint")}</p>
        <div class="webhook-line">
          <span>${a?s`${t("webhook.secrets.setAt")} <${_} at=${a} />`:t("webhook.secrets.bearerNone")}</span>
          ${g("webhooks:write")&&r!=="write"&&s`
            <${f} kind="small" onClick=${()=>i("write")}>${t(a?"webhook.secrets.replace":"webhook.secrets.bearerAdd")}<//>
            ${a&&s`<${f} kind="small danger" onClick=${()=>i("remove")}>${t("webhook.secrets.remove")}<//>`}`}
        </div>
        ${r==="write"&&s`<${ue} label=${t("webhook.secrets.bearerNew")} field="bearer_secret" onSave=${l} onSaved=${c} onCancel=${c} />`}
      </div>
      ${r==="remove"&&s`<${F} title=${t("webhook.secrets.removeTitle",{name:n})} action=${t("webhook.secrets.remove")}
        onConfirm=${d} onClose=${c}>
        <p>${t("webhook.secrets.removeBearer",{name:e.name})}</p><//>`}
    <//>`}var Io=/%%|%([A-Za-z_][A-Za-z0-9_-]{0,63})%/g,Le=e=>[...e.matchAll(Io)].map(([,o])=>o).filter(Boolean);function Vt(e,{url:o,headers:r={},body:i}){let n=[];Le(o).includes(e)&&n.push("url");for(let[a,l]of Object.entries(r))Le(l).includes(e)&&n.push(`headers.${a}`);return i&&Le(JSON.stringify(i.template)).includes(e)&&n.push("body"),n}var Me=(e,o)=>w("changeWebhook",{params:{id:e.id},body:{secrets:o}}),It=(e,o)=>Vt(o,e).map(r=>r.startsWith("headers.")?t("webhook.secrets.places.header",{name:r.slice(8)}):t(`webhook.secrets.places.${r}`)).join(", ");function jt({webhook:e,reload:o}){let[r,i]=$(null),n=()=>i(null),a=Object.keys(e.secrets).sort(),l=g("webhooks:write"),c=s`<${f} kind="small" icon="plus" onClick=${()=>i("add")}>${t("webhook.secrets.add")}<//>`,d=p=>{O(t("webhook.secrets.saved",{name:p})),o()},m=!a.length&&r!=="add";return s`
    <${v} title=${t("webhook.secrets.named")} actions=${l&&a.length>0&&r!=="add"&&c} flush>
      ${m&&s`<${M} title=${t("webhook.secrets.none")} text=${t("webhook.secrets.noneText")} action=${l&&c}
        curl=${l&&J("changeWebhook",{params:{id:e.id},body:{secrets:{token:"…"}}})} />`}
      ${!m&&s`<p class="body muted">${t("webhook.secrets.namedHint")}</p>`}
      ${r==="add"&&s`<${zo} webhook=${e} onSaved=${d} onCancel=${n} />`}
      ${a.length>0&&s`<${jo} webhook=${e} names=${a} mayWrite=${l} open=${r} setOpen=${i} onSaved=${d} />`}
      ${r?.does==="remove"&&s`<${Go} webhook=${e} name=${r.name} reload=${o} onClose=${n} />`}
    <//>`}var jo=({webhook:e,names:o,mayWrite:r,open:i,setOpen:n,onSaved:a})=>s`
  <div class="table-wrap" tabindex="0" role="region" aria-label=${t("webhook.secrets.named")}>
    <table class="table cards">
      <thead><tr>
        ${["name","setAt","uses"].map(l=>s`<th key=${l} scope="col">${t(`webhook.secrets.${l}`)}</th>`)}
        ${r&&s`<th scope="col" class="right">${t("webhook.rowActions")}</th>`}
      </tr></thead>
      <tbody>${o.map(l=>s`
        <tr key=${l}>
          <td data-label=${t("webhook.secrets.name")}><code>%${l}%</code></td>
          <td data-label=${t("webhook.secrets.setAt")}><${_} at=${e.secrets[l].set_at} /></td>
          <td data-label=${t("webhook.secrets.uses")}>${It(e,l)||s`<span class="muted">${t("webhook.secrets.unused")}</span>`}</td>
          ${r&&s`<td class="right"><span class="webhook-row-buttons">
            <${f} kind="small" onClick=${()=>n({does:"replace",name:l})}>${t("webhook.secrets.replace")}<//>
            <${f} kind="small danger" onClick=${()=>n({does:"remove",name:l})}>${t("webhook.secrets.remove")}<//>
          </span></td>`}
        </tr>
        ${i?.does==="replace"&&i.name===l&&s`
          <tr key=${`${l}-replace`}><td colspan="4" class="webhook-form-cell">
            <${ue} label=${t("webhook.secrets.newValue",{name:l})} field=${`secrets.${l}`} onSaved=${()=>n(null)} onCancel=${()=>n(null)}
              onSave=${async c=>{await Me(e,{[l]:c}),a(l)}} />
          </td></tr>`}`)}</tbody>
    </table>
  </div>`;function zo({webhook:e,onSaved:o,onCancel:r}){let[i,n]=$(""),[a,l]=$(null),c=j(i);c.current=i;let d=i!==a&&Object.hasOwn(e.secrets,i),m=async h=>{await Me(e,{[i]:h}),l(i),o(i)},p=()=>c.current===i&&r(),u=s`<${H} label=${t("webhook.secrets.name")} hint=${t("webhook.secrets.nameHint")} value=${i} onValue=${n} mono
    error=${d?t("webhook.secrets.taken"):void 0} spellcheck=${!1} autocomplete="off" />`;return s`<div class="body webhook-form">
    <${ue} label=${t("webhook.secrets.value")} field=${`secrets.${i}`} first=${u} isBlocked=${!i||d} onSave=${m} onSaved=${p} onCancel=${r} />
  </div>`}function Go({webhook:e,name:o,reload:r,onClose:i}){let n=It(e,o),a=async()=>{await Me(e,{[o]:null}),O(t("webhook.secrets.removed",{name:o})),i(),r()};return s`<${F} title=${t("webhook.secrets.removeTitle",{name:o})} action=${t("webhook.secrets.remove")} onConfirm=${a} onClose=${i}>
    <p>${t("webhook.secrets.removeText",{name:o})}</p>${n&&s`<p>${t("webhook.secrets.removeUsed",{uses:n})}</p>`}<//>`}var zt=["86400","3600","604800","0"];function Ko(){let e=crypto.getRandomValues(new Uint8Array(32));return`whsec_${btoa(String.fromCharCode(...e))}`}function Gt({webhook:e,onDone:o,onCancel:r}){let i=re(),[n,a]=$(zt[0]),[l,c]=$(!1),[d,m]=$(""),p=j(d);p.current=d;let[u,h]=$(!1),[k,x]=$(!1),{busy:b,error:y,run:T}=q(),N=async()=>{let U={overlap_seconds:Number(n),...l?{secret:d.trim()}:{}};try{let{secret:K}=await w("rotateSecret",{params:{id:e.id},body:U});h(!1),o({secret:K,overlap:Number(n),isTyping:p.current!==d})}catch(K){throw x(!l&&(K.kind==="offline"||K.kind==="timeout")),K}};return s`
    <form class="form webhook-rotation" ref=${i} onSubmit=${U=>{U.preventDefault(),n==="0"?h(!0):T(N)}}>
      <${B} label=${t("webhook.signing.overlap")} value=${n} onValue=${a}
        options=${zt.map(U=>[U,t(`webhook.signing.overlaps.${U}`)])} error=${y?.field?.("overlap_seconds")} />
      <${We} overlap=${Number(n)} />
      <${we} label=${t("webhook.signing.own")} checked=${l} onValue=${c} />
      ${l&&s`
        <${ve} label=${t("webhook.signing.ownLabel")} hint=${t("webhook.signing.ownHint")} placeholder="whsec_…"
          value=${d} onValue=${m} error=${y?.field?.("secret")} />
        <div><${f} kind="small" onClick=${()=>m(Ko())}>${t("webhook.signing.generate")}<//></div>`}
      <${C} error=${y} />
      ${k&&s`<${S} kind="warning">${t("webhook.signing.lost")}<//>`}
      <div class="buttons">
        <${f} kind="primary" type="submit" busy=${b} disabled=${l&&!d.trim()}>${t("webhook.signing.rotate")}<//>
        <${f} onClick=${r}>${t("common.cancel")}<//>
      </div>
      ${u&&s`<${F} title=${t("webhook.signing.confirmTitle")} action=${t("webhook.signing.rotate")}
        onConfirm=${N} onClose=${()=>h(!1)}>
        <p>${t("webhook.signing.confirmText",{name:e.name})}</p><//>`}
    </form>`}var We=({overlap:e,isDone:o})=>s`
  <div>
    <h3>${t(o?"webhook.signing.stepsDone":"webhook.signing.steps")}</h3>
    <ol class="webhook-steps">
      ${!o&&s`<li>${t(e?"webhook.signing.step1":"webhook.signing.step1Now")}</li>`}
      <li>${t(e?"webhook.signing.step2":"webhook.signing.step2Now")}</li>
      ${e>0&&s`<li>${t("webhook.signing.step3")}</li>`}
    </ol>
  </div>`;function Kt({webhook:e,reload:o}){let[r,i]=$(!1),[n,a]=$(null),{set_at:l,earlier:c}=e.signing,d=p=>{i(p.isTyping),a(p),o()},m=g("webhooks:write")&&!r&&s`<${f} kind="small" icon="refresh" onClick=${()=>i(!0)}>${t("webhook.signing.rotate")}<//>`;return s`
    <${v} title=${t("webhook.signing.title")} actions=${m}>
      <div class="stack">
        <p class="muted">${t("webhook.signing.lead")}</p>
        <${z} of=${[[t("webhook.signing.setAt"),s`<${_} at=${l} />`],[t("webhook.signing.earlier"),c.length?s`<ul>${c.map(({until:p})=>s`
              <li key=${p}>${t("webhook.signing.until")} <${_} at=${p} /> <span class="muted">(<${_} at=${p} relative />)</span></li>`)}</ul>`:t("webhook.signing.noEarlier")]]} />
        ${r&&s`<${Gt} webhook=${e} onDone=${d} onCancel=${()=>i(!1)} />`}
      </div>
      ${n&&s`<${ht} title=${t("webhook.signing.newTitle",{name:e.name})} secret=${n.secret}
        name=${t("webhook.signing.secretName")} onClose=${()=>a(null)}>
        <${We} overlap=${n.overlap} isDone /><//>`}
    <//>`}var Pe={JavaScript:`import { createHmac, timingSafeEqual } from "node:crypto";

// secret: "whsec_…"; headers: an object, as in \`request.headers\`; body: a Buffer with the bytes as they came.
export function verify(secret, headers, body) {
  const sentAt = headers["webhook-timestamp"] ?? "";
  if (!/^\\d+$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const hmac = createHmac("sha256", key).update(\`\${headers["webhook-id"] ?? ""}.\${sentAt}.\`).update(body);
  const expected = Buffer.from("v1," + hmac.digest("base64"));
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// url: scheme and host of the webhook, and path and query as they came.
export function verifyUrl(secret, headers, method, url) {
  const given = { ...headers, "webhook-signature": headers["webhook-url-signature"] };
  return verify(secret, given, Buffer.from(\`\${method} \${url}\`));
}
`,Python:`import base64, hashlib, hmac, re, time

def verify(secret, headers, body):
    """secret: "whsec_…"; headers: a mapping; body: the bytes as they came."""
    sent_at = headers.get("webhook-timestamp", "")
    if not re.fullmatch("[0-9]{1,15}", sent_at) or abs(time.time() - int(sent_at)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)

def verify_url(secret, headers, method, url):
    """url: scheme and host of the webhook, and path and query as they came."""
    given = {**headers, "webhook-signature": headers.get("webhook-url-signature", "")}
    return verify(secret, given, f"{method} {url}".encode())
`,PHP:`<?php
// $secret: "whsec_…"; $headers: an array; $body: file_get_contents("php://input").
function verify(string $secret, array $headers, string $body): bool
{
    $sentAt = $headers["webhook-timestamp"] ?? "";
    if (!preg_match('/^\\d{1,15}$/D', $sentAt) || abs(time() - (int) $sentAt) > 300) {
        return false;
    }
    $key = base64_decode(substr($secret, strlen("whsec_")), true);
    if ($key === false) {
        return false;
    }
    $signed = ($headers["webhook-id"] ?? "") . "." . $sentAt . "." . $body;
    $expected = "v1," . base64_encode(hash_hmac("sha256", $signed, $key, true));
    foreach (explode(" ", $headers["webhook-signature"] ?? "") as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}

// $url: scheme and host of the webhook, and path and query as they came.
function verify_url(string $secret, array $headers, string $method, string $url): bool
{
    $given = ["webhook-signature" => $headers["webhook-url-signature"] ?? ""] + $headers;
    return verify($secret, $given, "$method $url");
}
`,Go:`package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Verify takes the secret "whsec_…" and the bytes of the body as they came.
func Verify(secret string, header http.Header, body []byte) bool {
	sentAt := header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(sentAt, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(header.Get("webhook-id") + "." + sentAt + "."))
	mac.Write(body)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), []byte(expected)) {
			return true
		}
	}
	return false
}

// VerifyURL takes scheme and host of the webhook, and path and query as they came.
func VerifyURL(secret string, header http.Header, method, url string) bool {
	given := header.Clone()
	given.Set("webhook-signature", header.Get("webhook-url-signature"))
	return Verify(secret, given, []byte(method+" "+url))
}
`,Ruby:`require "openssl"

# secret: "whsec_…"; headers: a Hash; body: a String with the bytes as they came.
def verify(secret, headers, body)
  sent_at = headers["webhook-timestamp"].to_s
  return false unless sent_at.match?(/\\A\\d+\\z/) && (Time.now.to_i - sent_at.to_i).abs <= 300

  key = secret.delete_prefix("whsec_").unpack1("m0")
  signed = "#{headers["webhook-id"]}.#{sent_at}.".b + body.b
  expected = "v1," + [OpenSSL::HMAC.digest("SHA256", key, signed)].pack("m0")
  headers["webhook-signature"].to_s.split(" ").any? { |one| OpenSSL.secure_compare(one, expected) }
end

# url: scheme and host of the webhook, and path and query as they came.
def verify_url(secret, headers, method, url)
  verify(secret, headers.merge("webhook-signature" => headers["webhook-url-signature"]), "#{method} #{url}")
end
`,Java:`import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class Webhooks {
    /** Takes the secret "whsec_…", the headers by their names in lower case, and the bytes of the body as they came. */
    static boolean verify(String secret, Map<String, String> headers, byte[] body) throws GeneralSecurityException {
        String sentAt = headers.getOrDefault("webhook-timestamp", "");
        if (!sentAt.matches("[0-9]{1,15}")
                || Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(sentAt)) > 300) {
            return false;
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        mac.update((headers.getOrDefault("webhook-id", "") + "." + sentAt + ".").getBytes(UTF_8));
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(UTF_8);
        for (String given : headers.getOrDefault("webhook-signature", "").split(" ")) {
            if (MessageDigest.isEqual(expected, given.getBytes(UTF_8))) {
                return true;
            }
        }
        return false;
    }

    /** Takes scheme and host of the webhook, and path and query as they came. */
    static boolean verifyUrl(String secret, Map<String, String> headers, String method, String url)
            throws GeneralSecurityException {
        Map<String, String> given = new HashMap<>(headers);
        given.put("webhook-signature", headers.getOrDefault("webhook-url-signature", ""));
        return verify(secret, given, (method + " " + url).getBytes(UTF_8));
    }
}
`};var Qo=({method:e,url:o})=>e==="GET"||/\{\{|%[A-Za-z_][\w-]*%/.test(o);function Qt({webhook:e}){let[o,r]=$("JavaScript");return s`
    <${v} title=${t("webhook.signing.verify")}>
      <div class="stack">
        <p>${t("webhook.signing.verifyText")}</p>
        ${Qo(e)&&s`<${S} kind="warning">${t("webhook.signing.verifyUrl")}<//>`}
        <div class="webhook-line">
          <${B} label=${t("webhook.signing.language")} value=${o} onValue=${r} options=${Object.keys(Pe).map(i=>[i,i])} />
          <span><a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">${t("webhook.signing.standard")}</a></span>
          <span><a href="../docs" target="_blank" rel="noreferrer">${t("webhook.signing.docs")}</a></span>
        </div>
        <${E} text=${Pe[o]} name=${o} />
      </div>
    <//>`}var Yt=({webhook:e,reload:o})=>s`
  <div class="stack">
    ${!g("webhooks:write")&&s`<${S}>${t("webhook.secrets.needsWrite")}<//>`}
    <${jt} webhook=${e} reload=${o} />
    <${Ut} webhook=${e} reload=${o} />
    <${Kt} webhook=${e} reload=${o} />
    <${Qt} webhook=${e} />
  </div>`;var $e=[["d",86400],["h",3600],["min",60],["s",1]],Ue=12,Jt=604800,Se={standard:[5,300,1800,7200,18e3,36e3,50400,72e3,86400],quick:[5,30,120,600,1800],patient:[60,900,3600,21600,86400,172800,259200],once:[]},Yo=e=>$e.find(([o])=>o===e)[1];function _e(e){let[o,r]=$e.find(([,i])=>e%i===0&&e>=i)??$e.at(-1);return{value:String(e/r),unit:o}}function Te({value:e,unit:o}){let r=e.trim();if(!/^\d+(\.\d+)?$/.test(r))return null;let i=Number((Number(r)*Yo(o)).toFixed(6));return Number.isInteger(i)&&i>0?i:null}function Xt(e){return e.reduce((o,r)=>[...o,o.at(-1)+r],[0])}var Zt=e=>Object.keys(Se).find(o=>String(Se[o])===String(e)),Ve=(e,o)=>o>0?Math.log10(1+e)/Math.log10(1+o):0,Jo=[["1 s",1],["10 s",10],["1 min",60],["10 min",600],["1 h",3600],["10 h",36e3],["1 d",86400],["7 d",604800],["30 d",2592e3]];function eo(e,o=.1){let r=[];for(let[i,n]of Jo){let a=Ve(n,e);n<e&&a>=(r.at(-1)?.at??0)+o&&a<=1-o&&r.push({text:i,at:a})}return r}var ae=["name","description","status","timeout_seconds","success_codes","max_per_second","retry","mask"],Xo=["url","method","headers","body","secrets","bearer_secret","signing"];function Ae(e){return{name:e.name,description:e.description??"",status:e.status,timeout_seconds:String(e.timeout_seconds),success_codes:e.success_codes.join(", "),max_per_second:e.max_per_second===void 0?"":String(e.max_per_second),retry:e.retry.schedule.map(_e),mask:e.mask??[]}}function je(e,o){return e==="mask"?o.mask?.length?[...o.mask].sort():null:o[e]??null}var Ie=e=>/^\d+$/.test(e.trim())?Number(e):void 0;function ze(e,o){let r=o[e];if(e==="description")return r.trim()===""?null:r;if(e==="timeout_seconds"||e==="max_per_second")return r.trim()===""?null:Ie(r);if(e==="success_codes"){let i=r.split(/[\s,;]+/).filter(Boolean).map(Ie);return i.includes(void 0)?void 0:i.length?i:null}if(e==="retry"){let i=r.map(Te);return i.includes(null)?void 0:{schedule:i}}return e==="mask"?r.length?[...r].sort():null:r}var Ce=(e,o)=>JSON.stringify(e)===JSON.stringify(o);function fe(e,o){let r={},i=[];for(let n of ae){let a=ze(n,o);a===void 0?i.push(n):Ce(a,je(n,e))||(r[n]=a)}return{body:r,unreadable:i,isDirty:i.length>0||Object.keys(r).length>0}}function to(e,o,r){let i=fe(e,o).body;return ae.filter(n=>!Ce(ze(n,o),je(n,r))).map(n=>({name:n,yours:ze(n,o),saved:je(n,r),choice:n in i?"yours":"saved"}))}var oo=(e,o)=>Xo.filter(r=>!Ce(e[r],o[r]));function so(e,o,r){return Ge(e,r,ae.filter(i=>!Ce(e[i],o[i])))}function Ge(e,o,r){let i=Ae(o);return Object.fromEntries(ae.map(n=>[n,r.includes(n)?e[n]:i[n]]))}var Zo={max_per_second:"noLimit",timeout_seconds:"default",success_codes:"default"};function es(e,o){return e==="status"?t(`webhook.settings.statuses.${o}`):e==="retry"?o.schedule.length?o.schedule.map(r=>W(r*1e3)).join(", "):t("webhook.schedule.none"):o==null?t(`webhook.settings.${Zo[e]??"none"}`):Array.isArray(o)?o.join(", "):String(o)}function io({base:e,form:o,saved:r,busy:i,error:n,onSave:a,onUseSaved:l,onBack:c}){let d=to(e,o,r),[m,p]=$({}),u=x=>m[x.name]??x.choice,h=oo(e,r),k=()=>{let x=d.filter(y=>u(y)==="yours").map(({name:y})=>y),{body:b}=fe(r,Ge(o,r,x));return Object.keys(b).length?a(b,r.version):l()};return s`
    <${v} title=${t("webhook.conflict.title")}>
      <div class="stack">
        <${S} kind="warning">${t("webhook.conflict.text",{saved:r.version,base:e.version})}<//>
        ${h.length>0&&s`<p>${t("webhook.conflict.others",{names:h.join(", ")})}</p>`}
        ${d.length?s`<${ts} rows=${d} choiceOf=${u} onChoose=${(x,b)=>p({...m,[x]:b})} />`:s`<p>${t("webhook.conflict.same")}</p>`}
        <${C} error=${n} />
        <div class="buttons">
          ${d.length?s`<${f} kind="primary" busy=${i} onClick=${k}>${t("webhook.conflict.save")}<//>`:s`<${f} kind="primary" onClick=${l}>${t("webhook.conflict.done")}<//>`}
          <${f} onClick=${c}>${t("webhook.conflict.back")}<//>
        </div>
      </div>
    <//>`}var ts=({rows:e,choiceOf:o,onChoose:r})=>s`
  <div class="table-wrap" tabindex="0" role="region" aria-label=${t("webhook.conflict.title")}>
    <table class="table webhook-conflict">
      <thead><tr>
        <th scope="col">${t("webhook.conflict.setting")}</th><th scope="col">${t("webhook.conflict.yours")}</th><th scope="col">${t("webhook.conflict.saved")}</th>
      </tr></thead>
      <tbody>${e.map(i=>s`
        <tr key=${i.name}>
          <th scope="row">${t(`webhook.settings.${i.name}`)}</th>
          <${ro} row=${i} side="yours" label="keepYours" choiceOf=${o} onChoose=${r} />
          <${ro} row=${i} side="saved" label="keepSaved" choiceOf=${o} onChoose=${r} />
        </tr>`)}</tbody>
    </table>
  </div>`,ro=({row:e,side:o,label:r,choiceOf:i,onChoose:n})=>s`
  <td><label class="check">
    <input type="radio" name=${`keep-${e.name}`} checked=${i(e)===o} onChange=${()=>n(e.name,o)}
      aria-label=${t(`webhook.conflict.${r}`,{name:t(`webhook.settings.${e.name}`)})} />
    <span>${es(e.name,e[o])}</span>
  </label></td>`;var os=$e.map(([e])=>e).reverse(),ss={value:"1",unit:"h"};function no({waits:e,onWaits:o,error:r,isUnreadable:i,disabled:n}){let a=e.map(Te),l=!a.includes(null),c=l?Xt(a):null,d=l?Zt(a):void 0,m=(h,k)=>o(e.map((x,b)=>b===h?{...x,...k}:x)),p=r?.field?.("retry"),u=h=>i&&a[h]===null?t("webhook.schedule.unclear"):p&&a[h]>Jt?t("webhook.schedule.tooLong"):void 0;return s`
    <fieldset class="webhook-fieldset webhook-schedule" disabled=${n}>
      <legend>${t("webhook.settings.retry")}</legend>
      ${!n&&s`<div class="buttons" role="group" aria-label=${t("webhook.schedule.presets")}>
        ${Object.entries(Se).map(([h,k])=>s`
          <${f} key=${h} kind="small" aria-pressed=${d===h} onClick=${()=>o(k.map(_e))}>${t(`webhook.schedule.preset.${h}`)}<//>`)}
      </div>`}
      <${is} attempts=${c} />
      <ol class="webhook-waits">
        ${e.map((h,k)=>s`
          <${rs} key=${k} number=${k+1} wait=${h} after=${c?.[k+1]} message=${u(k)}
            onChange=${x=>m(k,x)} onRemove=${()=>o(e.filter((x,b)=>b!==k))} />`)}
      </ol>
      ${!n&&s`<div class="buttons">
        <${f} kind="small" icon="plus" disabled=${e.length>=Ue} onClick=${()=>o([...e,e.at(-1)??ss])}>${t("webhook.schedule.add")}<//>
        ${e.length>=Ue&&s`<span class="muted small">${t("webhook.schedule.full")}</span>`}
      </div>`}
      ${p&&s`<p class="error">${p}</p>`}
      <p class="muted small">${t("webhook.schedule.spread")}</p>
    </fieldset>`}function rs({number:e,wait:o,after:r,message:i,onChange:n,onRemove:a}){return s`
    <li>
      <input class="input" inputmode="decimal" value=${o.value} aria-label=${t("webhook.schedule.wait",{number:e})} aria-invalid=${i?"true":void 0}
        onInput=${l=>n({value:l.currentTarget.value})} />
      <select class="select" value=${o.unit} aria-label=${t("webhook.schedule.unit",{number:e})} onChange=${l=>n({unit:l.currentTarget.value})}>
        ${os.map(l=>s`<option value=${l}>${t(`webhook.schedule.units.${l}`)}</option>`)}
      </select>
      <${Xe} icon="close" kind="small" label=${t("webhook.schedule.remove",{number:e})} onClick=${a} />
      ${i?s`<span class="error">${i}</span>`:s`<span class="muted small">${r===void 0?"":t("webhook.schedule.attempt",{number:e+1,time:W(r*1e3)})}</span>`}
    </li>`}function is({attempts:e}){let o=e?.at(-1)??0,r=e??[0],i=a=>a?t("webhook.schedule.after",{time:W(a*1e3)}):t("webhook.schedule.first"),n=r.length>1?t("webhook.schedule.total",{count:r.length,time:W(o*1e3)}):t("webhook.schedule.none");return s`
    <div class="webhook-picture">
      <div class="line" aria-hidden="true" title=${t("webhook.schedule.picture")}>
        ${eo(o).map(({text:a,at:l})=>s`<span key=${a} class="mark" style=${{left:`${l*100}%`}}>${a}</span>`)}
        ${r.map((a,l)=>s`
          <span key=${l} class="dot" style=${{left:`${Ve(a,o)*100}%`}} title=${t("webhook.schedule.dot",{number:l+1,time:i(a)})} />`)}
      </div>
      <p role="status">${e?n:t("webhook.schedule.unclear")}</p>
    </div>`}var ns=["from","to","bridge"];function ao({webhook:e,form:o,change:r,error:i,unreadable:n,disabled:a}){let l=(m,p)=>n.includes(m)?t(p):i?.field?.(m),c=m=>p=>r({mask:p?[...o.mask,m]:o.mask.filter(u=>u!==m)}),d=["active","inactive",...e.status==="disabled"?["disabled"]:[]];return s`
    <${H} label=${t("webhook.settings.name")} value=${o.name} onValue=${m=>r({name:m})} error=${l("name")}
      required maxlength="100" disabled=${a} />
    <${tt} label=${t("webhook.settings.description")} hint=${t("webhook.settings.descriptionHint")} error=${l("description")} control=${m=>s`
      <textarea class="textarea" value=${o.description} onInput=${p=>r({description:p.currentTarget.value})}
        maxlength="1000" disabled=${a} ...${m} />`} />
    <${as} webhook=${e} mayWrite=${!a} />
    <div class="row">
      <${B} label=${t("webhook.settings.status")} hint=${t("webhook.settings.statusHint")}
        value=${o.status} onValue=${m=>r({status:m})} error=${l("status")}
        options=${d.map(m=>[m,t(`webhook.settings.statuses.${m}`)])} disabled=${a} />
      <${H} label=${t("webhook.settings.timeout_seconds")} hint=${t("webhook.settings.timeoutHint")}
        value=${o.timeout_seconds} onValue=${m=>r({timeout_seconds:m})}
        error=${l("timeout_seconds","webhook.settings.notANumber")} inputmode="numeric" disabled=${a} />
    </div>
    <div class="row">
      <${H} label=${t("webhook.settings.success_codes")} hint=${t("webhook.settings.codesHint")}
        value=${o.success_codes} onValue=${m=>r({success_codes:m})}
        error=${l("success_codes","webhook.settings.notCodes")} disabled=${a} />
      <${H} label=${t("webhook.settings.max_per_second")} hint=${t("webhook.settings.maxHint")}
        value=${o.max_per_second} onValue=${m=>r({max_per_second:m})}
        error=${l("max_per_second","webhook.settings.notANumber")} inputmode="numeric" disabled=${a} />
    </div>
    <${no} waits=${o.retry} onWaits=${m=>r({retry:m})} error=${i} isUnreadable=${n.includes("retry")} disabled=${a} />
    <fieldset class="webhook-fieldset" disabled=${a}>
      <legend>${t("webhook.settings.mask")}</legend>
      <div class="buttons">${ns.map(m=>s`
        <${we} key=${m} label=${t(`webhook.settings.masks.${m}`)} checked=${o.mask.includes(m)} onValue=${c(m)} />`)}</div>
      <p class="muted small">${t("webhook.settings.maskHint")}</p>
      ${l("mask")&&s`<p class="error">${l("mask")}</p>`}
    </fieldset>`}var as=({webhook:e,mayWrite:o})=>s`
  <div class="field">
    <span class="label">${t("webhook.settings.receiver")}</span>
    <div class="webhook-receiver">
      <span class="mono anywhere">${e.method} ${ut(e.url)??e.url}</span>
      ${o&&s`<${R} kind="small" icon="edit" href=${A(`/webhooks/${e.id}/compose`)}>${t("webhook.compose")}<//>`}
    </div>
    ${o&&s`<div class="hint">${t("webhook.settings.receiverHint")}</div>`}
  </div>`;function lo({webhook:e,reload:o}){let[r,i]=$(e),[n,a]=$(()=>Ae(e)),[l,c]=$(null),[d,m]=$(!1),{busy:p,error:u,run:h,clear:k}=q(),{body:x,unreadable:b,isDirty:y}=fe(r,n),T=g("webhooks:write"),N=I=>{i(I),a(Ae(I)),c(null),m(!1),k()};L(()=>{!y&&e.version>r.version&&N(e)},[e.version,y]);let G=I=>a(Oe=>({...Oe,...I})),U=(I,Oe)=>h(async()=>{try{let le=await w("changeWebhook",{params:{id:r.id},body:I,version:Oe});i(le),a(wo=>so(wo,n,le)),c(null),m(!1),ge(),O(t("webhook.settings.saved")),o()}catch(le){if(le.kind!=="precondition")throw le;c(await w("readWebhook",{params:{id:r.id}}))}}),K=I=>{I.preventDefault(),m(b.length>0),b.length||U(x,r.version)},V=({field:I})=>ae.includes(I.split(/[.[]/)[0]),te=d&&b.length>0||u?.fields?.length>0&&u.fields.every(V);return l?s`
      <${io} base=${r} form=${n} saved=${l} busy=${p} error=${u} onSave=${U} onUseSaved=${()=>N(l)} onBack=${()=>c(null)} />
      <${se} when=${!0} />`:s`
    <${v} title=${t("webhook.settings.title")}>
      <form class="form" onSubmit=${K} novalidate>
        ${!T&&s`<${S}>${t("webhook.settings.readOnly")}<//>`}
        <${ao} webhook=${r} form=${n} change=${G} error=${u}
          unreadable=${d?b:[]} disabled=${!T} />
        ${te?s`<${S} kind="failed">${t("webhook.settings.wrongField")}<//>`:s`<${C} error=${u} />`}
        ${u&&s`<p class="muted small">${t("webhook.settings.failed")}</p>`}
        ${T&&s`
          <div class=${`buttons webhook-save ${y?"sticky":""}`}>
            <${f} kind="primary" type="submit" busy=${p} disabled=${!y}>${t("webhook.settings.save")}<//>
            <${f} disabled=${!y||p} onClick=${()=>N(e.version>r.version?e:r)}>${t("webhook.settings.discard")}<//>
            <span class="muted" role="status">${y?t("webhook.settings.unsaved"):""}</span>
          </div>`}
      </form>
    <//>
    <${se} when=${y} />`}var co=["all","number","flow","source"];function mo(e){let o=e.indexOf(":");return o<0?{kind:e,value:""}:{kind:e.slice(0,o),value:e.slice(o+1)}}var po=(e,o)=>e==="all"?"all":`${e}:${o.replace(/\s+/g,"")}`;var ho="voice:message:out";function uo({webhook:e,onAdded:o,onExisting:r,onCancel:i}){let n=re(),[a,l]=$(ho),[c,d]=$("all"),[m,p]=$(""),[u,h]=$(!1),{busy:k,error:x,run:b}=q(),y=j(null);y.current={event:a,kind:c,value:m};let T=x?.problem?.existing_id,N=c!=="all"&&!m.trim(),G=()=>b(async()=>{let V=y.current;try{await w("createSubscription",{body:{webhook_id:e.id,event:a.trim()||null,identity:po(c,m)}})}catch(te){throw r(te.problem?.existing_id??null),te}o(["event","kind","value"].some(te=>y.current[te]!==V[te]))}),U=V=>{V.preventDefault(),h(N),N||G()},K=V=>{d(V),p(V==="source"?"OBD":""),h(!1)};return s`
    <${v} title=${t("webhook.subscriptions.add")}>
      <form class="form" ref=${n} onSubmit=${U}>
        <${H} label=${t("webhook.subscriptions.event")} hint=${t("webhook.subscriptions.eventHint")}
          value=${a} onValue=${l} error=${x?.field?.("event")} mono spellcheck=${!1} />
        <div class="row">
          <${B} label=${t("webhook.subscriptions.kind")} value=${c} onValue=${K}
            options=${co.map(V=>[V,t(`webhook.subscriptions.kinds.${V}`)])} />
          ${c!=="all"&&s`
            <${H} key=${c} label=${t(`webhook.subscriptions.values.${c}`)} hint=${t(`webhook.subscriptions.hints.${c}`)} mono
              value=${m} onValue=${p}
              error=${u&&N?t("webhook.subscriptions.valueMissing"):x?.field?.("identity")} inputmode=${c==="number"?"tel":void 0} />`}
        </div>
        ${T?s`<${S} kind="failed">${t("webhook.subscriptions.exists")}<//>`:s`<${C} error=${x} />`}
        <p class="muted small">${t("webhook.subscriptions.delay")}</p>
        <div class="buttons">
          <${f} kind="primary" type="submit" busy=${k}>${t("webhook.subscriptions.add")}<//>
          <${f} onClick=${i}>${t("common.cancel")}<//>
        </div>
        <${se} when=${a!==ho||c!=="all"} />
      </form>
    <//>`}function $o({webhook:e}){let{id:o,name:r}=e,[i,n]=$(!1),[a,l]=$(null),[c,d]=$(null),m=(T,N)=>w("listSubscriptions",{query:{limit:100,cursor:T},signal:N}),p=be((T,N)=>xe(o,T,G=>m(G,N)),[o]),u=g("webhooks:write"),h=u&&!Re(),k=h&&s`<${f} kind="small" icon="plus" onClick=${()=>n(!0)}>${t("webhook.subscriptions.add")}<//>`,x=T=>{O(t("webhook.subscriptions.added")),n(T),d(null),p.reload()},b=async()=>{await w("deleteSubscription",{params:{id:a.id}}),O(t("webhook.subscriptions.deleted")),l(null),p.reload()},y=s`<${M} title=${t("webhook.subscriptions.none")} text=${t("webhook.subscriptions.noneText")} action=${!i&&k}
    curl=${h&&J("createSubscription",{body:{webhook_id:o,identity:"all"}})} />`;return s`
    <div class="stack">
      <${S}>${t("webhook.subscriptions.explain")}<//>
      ${u&&Re()&&s`<p class="muted">${t("webhook.subscriptions.oneWebhook")}</p>`}
      ${i&&s`<${uo} webhook=${e} onAdded=${x} onExisting=${d} onCancel=${()=>n(!1)} />`}
      <${v} title=${t("webhook.subscriptions.title")} actions=${!i&&k} flush>
        <${ne} label=${t("webhook.subscriptions.title")} columns=${ls(c,u&&l)} pages=${p} empty=${y} />
      <//>
      ${a&&s`<${F} title=${t("webhook.subscriptions.deleteTitle")} action=${t("webhook.subscriptions.delete")} onConfirm=${b} onClose=${()=>l(null)}>
        <p class="anywhere">${t("webhook.subscriptions.deleteText",{event:a.event,identity:a.identity,name:r})}</p><//>`}
    </div>`}var ls=(e,o)=>[{name:"event",title:t("webhook.subscriptions.event"),cell:r=>s`<span class=${`mono ${r.id===e?"webhook-marked":""}`}>${r.event}</span>`},{name:"identity",title:t("webhook.subscriptions.identity"),cell:r=>s`<${cs} identity=${r.identity} />`},{name:"created",title:t("webhook.subscriptions.created"),cell:r=>s`<${_} at=${r.created_at} />`},...o?[{name:"delete",title:t("webhook.rowActions"),right:!0,cell:r=>s`<${f} kind="small danger" onClick=${()=>o(r)}>${t("webhook.subscriptions.delete")}<//>`}]:[]];function cs({identity:e}){let{kind:o,value:r}=mo(e),i=t(`webhook.subscriptions.of.${o}`);if(o==="all")return i;let n=o==="number"?s`<${lt} value=${r} />`:s`<span class="mono">${r}</span>`;return s`<span class="webhook-identity">${i} ${n}</span>`}var fo={health:He,settings:lo,secrets:Yt,request:Pt,subscriptions:$o,replays:Mt},ds=()=>Object.keys(fo).filter(e=>e!=="replays"||g("deliveries:read")).map(e=>[e,t(`webhook.tabs.${e}`)]);function ms({id:e}){let{tab:o}=X(),r=g("webhooks:read"),i=h=>r?w("readWebhook",{params:{id:e},signal:h}):null,{data:n,error:a,reload:l}=D(i,[e,r],{every:15e3}),c=[A("/webhooks"),t("webhook.back")];if(!r)return s`<${oe} title=${t("webhook.title")}>
      <${S} kind="warning" action=${s`<${bo} id=${e} />`}>${t("common.needsScope",{scope:"webhooks:read"})}<//><//>`;if(a?.kind==="not-found")return s`<${ps} id=${e} back=${c} />`;let d=ds(),m=d.some(([h])=>h===o)?fo[o]:He,p=n&&s`
    <${P} value=${n.status} />
    ${n.status==="active"&&n.health.circuit!=="closed"&&s`<${P} value=${n.health.circuit} />`}
    <${ee} value=${e} what=${t("webhook.id")} />`,u=n&&s`<${St} webhook=${n} reload=${l} />`;return s`
    <${oe} title=${n?.name??t("webhook.title")} back=${c} beside=${p} actions=${u}>
      <${pt} tabs=${d} label=${t("webhook.tabsLabel")} />
      ${a&&s`<${C} error=${a} retry=${l} />`}
      ${n?s`<${m} webhook=${n} reload=${l} />`:!a&&s`<div class="panel"><div class="body"><${Z} lines=${8} /></div></div>`}
    <//>`}var ps=({id:e,back:o})=>s`
  <${oe} title=${t("webhook.title")} back=${o}>
    <div class="panel">
      <${M} title=${t("webhook.missing")} text=${t("webhook.missingText")} action=${s`
        <div class="buttons">
          <${R} kind="primary" href=${A("/webhooks")}>${t("webhook.toList")}<//>
          <${bo} id=${e} />
        </div>`} />
    </div>
  <//>`,bo=({id:e})=>g("deliveries:read")&&s`<${R} href=${A("/deliveries",{webhook_id:e})}>${t("webhook.toDeliveries")}<//>`;ct(bt);Je(ft);export{yo as Replay,ms as Webhook};
