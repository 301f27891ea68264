import{c as Ge,d as xe,f as Ke,i as oe,j as Qe,l as Je}from"./chunk-3J6IN7GR.js";import"./chunk-NWKWKTF3.js";import"./chunk-WPQ47BJN.js";import{a as te,b as Ze}from"./chunk-HIP7UDUZ.js";import{a as ue}from"./chunk-FRCF57J6.js";import{a as et}from"./chunk-U25AU6OV.js";import{a as j,b as Se}from"./chunk-EDHGUX4T.js";import{a as V,b as se}from"./chunk-E7RPRKJB.js";import{a as Ye}from"./chunk-C5OOW53J.js";import{a as Xe}from"./chunk-YIQRCJXS.js";import{d as _,e as me,f as K,g as Y,i as W,j as ee,k as g,l as G,m as je,n as B,o as q,p as pe,q as E,r as he,s as F,t as ze,u as S,v as Z,x as R}from"./chunk-TMLO5BIS.js";import{B as A,D as Ie,F as h,G as Ue,H as C,I as x,J as Ve,K as T,M as H,N as X,b as Me,g as N,h as k,j as ye,q as w,r as J,t as s,u as Pe,v as t}from"./chunk-JDEVLQNA.js";import{d as We,e as P}from"./chunk-LRF4DBS5.js";import{d as u,e as Q,f as de,g as ve}from"./chunk-JGVKQESF.js";var tt={webhook:{title:"Webhook",back:"Webhooks",tabsLabel:"Parts of the webhook",tabs:{health:"Health and figures",settings:"Settings",secrets:"Secrets",request:"Headers and request",subscriptions:"Subscriptions",replays:"Replays"},id:"Webhook id",idUse:"Campaigns and programs that hand over reports name this id as webhook_id to send a report here.",missing:"This webhook does not exist",missingText:"It was deleted, or it belongs to another account. Its deliveries stay in the log.",toList:"Go to the webhooks",toDeliveries:"Show its deliveries",compose:"Compose",test:"Send a test",pause:"Pause",activate:"Activate",replay:"Replay",delete:"Delete",rowActions:"Actions",activated:"{name} is active",paused:"{name} is paused",deleted:"{name} was deleted",pauseTitle:"Pause {name}?",pauseText:"While it is paused, its reports are skipped, and so are deliveries that wait for a retry. Activate it to receive reports again, and replay what was skipped.",deleteTitle:"Delete {name}?",deleteText:"This deletes the webhook {name} ({id}), its subscriptions, and its secrets for good. Its receiver gets nothing more. The log keeps its deliveries.",deleteAction:"Delete the webhook",health:{title:"Health",status:"Status",circuit:"Circuit",failingSince:"Failing since",failures:{one:"{count} failed attempt in a row",other:"{count} failed attempts in a row"},openSince:"Circuit open since",nextProbe:"Next try",disableAt:"Deactivation",disableHint:"at the next failure from then on, unless a delivery succeeds before",disabledAt:"Deactivated at",lastFailure:"Last failure",lastSuccess:"Last recovery",lastSuccessHint:"when an accepted request last ended failures; later successes are in the figures",noFailure:"No attempt with these settings has failed.",answer:"answered {code}",noAnswer:"no answer ({type})",now:"now",tryNow:"Send what waits now",tried:"What waits is being sent",toReplay:"Replay what was missed",state:{active:"This webhook is healthy: its reports are sent as they come in.",failing:"The latest attempts failed. Callhook retries them by the schedule. After ten failures in a row it stops sending for a while, so that the receiver can recover.",open:"Callhook has stopped sending, because the receiver keeps failing. Nothing is lost: deliveries wait without using up attempts, and one tries at the time below. Once it is accepted, all that waits is sent.",openAction:"Mend the receiver and send a test. If the test is accepted, send what waits now instead of waiting for the next try.",half_open:"One delivery tries now whether the receiver is well again. If it is accepted, all that waits is sent; if it fails, the circuit stays open for longer.",inactive:"This webhook is paused: its reports are skipped until you activate it.",inactiveAction:"After you activate it, replay the time of the pause to send what was skipped.",failingLong:"Callhook deactivated this webhook, because it had done nothing but fail for days. Its reports are skipped until you activate it.",gone:"Callhook deactivated this webhook, because its receiver answered 410 Gone. Its reports are skipped until you activate it.",disabledAction:"Mend the receiver or the URL, send a test, activate the webhook, and replay what was missed."}},trial:{title:"Send a test",lead:"Sends one signed request with a sample report now. It is not retried, and not in the log. Its webhook-id begins with test_, so the receiver can tell it from a report.",sample:"Sample report",samples:{OBD:"OBD: outbound campaign",C2C:"C2C: click to call"},send:"Send a test",sending:"Waiting for the receiver…",accepted:"accepted",refused:"not accepted",status:"Status code",latency:"Latency",address:"Address",request:"Request",id:"Test id",response:"Response",headers:"Response headers",noBody:"The response has no body.",binary:"Response, base64",circuit:"A test that is accepted does not close the circuit. Send what waits to do so.",paused:"The test is sent although the webhook receives no reports now."},figures:{title:"Figures",hint:"Counted from the log, about a minute late. Hours are those in which attempts and deliveries ended.",day:"Last 24 hours",week:"Last 7 days",measure:"Measure",delivered:"Deliveries delivered",failed:"Deliveries failed",skipped:"Deliveries skipped",success_rate:"Success rate",attempts:"Requests",failed_attempts:"Requests failed",p50:"Latency p50, estimated",p95:"Latency p95, estimated"},recent:{title:"Recent deliveries",all:"All deliveries",report:"Report",status:"Status",received:"Received",attempts:"Attempts",answer:"Last answer",latency:"Latency",none:"No deliveries yet",noneText:"Send a test to try the receiver, then subscribe the webhook to reports or name its id in a report.",subscribe:"Add a subscription"},settings:{title:"Settings",readOnly:"Your key lacks the scope webhooks:write, so you can read these settings and not change them.",name:"Name",description:"Description",descriptionHint:"Optional; for the people who read this page.",status:"Status",statusHint:"A paused webhook skips its reports.",statuses:{active:"Active",inactive:"Paused",disabled:"Deactivated by Callhook"},timeout_seconds:"Timeout of an attempt, in seconds",timeoutHint:"1 to 30; empty is 15.",success_codes:"Success codes",codesHint:"Codes from 200 to 399 that count as delivered. A redirect may count; it is never followed. Empty is 200, 202.",max_per_second:"Requests a second, at most",maxHint:"1 to 1,000; empty is no limit. The long-term rate is five sixths of it.",retry:"Retries",mask:"Masked numbers",maskHint:"Requests hold only the last four digits of these numbers. The log keeps them whole.",masks:{from:"from",to:"to",bridge:"bridge"},receiver:"Receiver",receiverHint:"The method, URL, headers and body are composed on a page of their own.",save:"Save changes",discard:"Discard changes",saved:"Settings saved",unsaved:"You have unsaved changes.",notANumber:"Write a whole number.",notCodes:"Write codes such as 200, 202.",failed:"The settings were not saved. What you typed is still here.",wrongField:"Nothing was saved. Mend the marked fields, then save again.",none:"none",noLimit:"no limit",default:"default"},schedule:{presets:"Presets",preset:{standard:"Standard, 3 days",quick:"Quick, 43 min",patient:"Patient, 6 days",once:"One attempt"},wait:"Wait {number}",unit:"Unit of wait {number}",units:{s:"seconds",min:"minutes",h:"hours",d:"days"},attempt:"attempt {number} after {time}",unclear:"Write a number of at least a second.",tooLong:"A wait is at most 7 days.",add:"Add a wait",remove:"Remove wait {number}",full:"A schedule has at most 12 waits.",none:"One attempt, no retries: a delivery fails with its first failure.",total:"{count} attempts; the last one {time} after the first.",spread:"Each wait is spread by ±20 %. An open circuit uses up no attempts.",picture:"When each attempt happens, on a logarithmic scale",first:"at once",dot:"Attempt {number}: {time}",after:"{time} after the first"},conflict:{title:"These settings changed meanwhile",text:"Version {saved} was saved since you opened version {base}. Choose for each setting which one to keep, then save.",others:"Also changed since, and kept as saved: {names}.",same:"The saved settings are the same as yours: nothing is left to save.",setting:"Setting",yours:"Yours",saved:"Saved",keepYours:"Keep yours for {name}",keepSaved:"Keep the saved one for {name}",save:"Save with these choices",back:"Back to the form",done:"Use the saved settings"},secrets:{named:"Named secrets",namedHint:"Values for %name% in the URL, headers and body. Callhook stores them and shows none of them again, so you can replace a value and not read it.",name:"Name",nameHint:"A letter or _, then letters, digits, _ and -.",value:"Value",newValue:"New value of {name}",setAt:"Set",uses:"Used in",unused:"not used",places:{url:"URL",body:"body",header:"header {name}"},add:"Add a secret",save:"Save",replace:"Replace",remove:"Remove",saved:"{name} was saved",removed:"{name} was removed",none:"No named secrets",noneText:"Keep tokens out of templates: save one here and write %name% in a header.",removeTitle:"Remove the secret {name}?",removeText:"Callhook forgets the value of {name} and cannot restore it.",removeUsed:"It is used in: {uses}. Callhook refuses to remove it until the request is composed without it.",taken:"There is a secret of this name: replace it in the table.",empty:"Write a value.",bearer:"Bearer secret",bearerHint:"Sent as Authorization: Bearer … with every request, for receivers that know this scheme. It stands in each request; the signature proves more.",bearerNone:"Not set.",bearerAdd:"Set a bearer secret",bearerNew:"New bearer secret",bearerName:"the bearer secret",removeBearer:"Requests to {name} carry no Authorization header from it any more. Callhook forgets the value and cannot restore it.",needsWrite:"Your key lacks the scope webhooks:write, so you can see when secrets were set and not change them."},signing:{title:"Signing secret",lead:"Callhook signs each request with it (Standard Webhooks). It is shown when it is made and never again.",setAt:"Current secret set",earlier:"Earlier secrets",until:"signs until",noEarlier:"None: only the current secret signs.",rotate:"Rotate the secret",overlap:"The secret before goes on signing for",overlaps:{86400:"a day (default)",3600:"an hour",604800:"7 days",0:"no time: it has leaked, or the receiver is another one"},steps:"How to rotate",step1:"Rotate. From then on, every request carries a signature with the new secret and one with the old.",step2:"Wait a minute: deliveries see the rotation within 30 s. Then give every receiver the new secret, within the overlap.",step3:"Nothing is left to do: the old secret ends by itself.",stepsDone:"What to do now",step1Now:"Rotate. The old secret and all before it end within 30 s.",step2Now:"Give every receiver the new secret at once: requests carry no signature with the old one after 30 s, and a receiver that knows only the old one refuses them.",own:"Use a secret of my own",ownHint:"whsec_ and the base64 of 24 to 64 random bytes. If the answer is lost, the same request again changes nothing.",ownLabel:"My secret",generate:"Generate one in this browser",confirmTitle:"Rotate and end all earlier secrets?",confirmText:"The signing secret of {name} and all before it end within 30 s. Receivers that do not have the new one by then refuse requests, and those are retried by the schedule.",newTitle:"The new signing secret of {name}",secretName:"the signing secret",lost:"The answer may be lost while the rotation took effect: then the current secret was set just now, and you do not have it. In that case rotate once more.",verify:"How a receiver verifies",verifyText:"Compute an HMAC-SHA256 over the id, the time and the exact bytes of the body, and compare it with each signature of the header in constant time. Refuse requests that are older than five minutes.",verifyUrl:"This webhook puts content into its URL: verify webhook-url-signature as well, or nothing covers that content.",language:"Language",docs:"API reference",standard:"Libraries of Standard Webhooks"},request:{title:"Composed request",lead:"The request as it is saved. Variables stand as {{name}}, secrets as %name%.",compose:"Change it in Compose",method:"Method",url:"URL",headers:"Headers",noHeaders:"No headers of your own. Callhook adds webhook-id, webhook-timestamp, webhook-signature, content-type and user-agent.",body:"Body",format:"Body, {format}",defaultBody:"The default payload: the fields of the report as JSON.",noBody:"A GET request has no body.",warnings:{one:"{count} warning: it is valid, and probably a mistake",other:"{count} warnings: they are valid, and probably mistakes"},preview:"As it goes out",previewHint:"Rendered for a sample report; ••• stands for secrets. Nothing is sent.",emptyBody:"No body."},subscriptions:{title:"Subscriptions",explain:"A subscription sends this webhook the reports of an event, from now on: all, or those of a bridge number, a flow or a source. A report can also name the webhook itself as webhook_id, as campaigns do: it needs no subscription. A webhook that is reached in both ways gets the report once.",event:"Event",identity:"Reports",created:"Since",add:"Add a subscription",added:"Subscribed",eventHint:"The event of the report; voice:message:out unless the report names another.",kind:"Which reports",kinds:{all:"All",number:"Of a bridge number",flow:"Of a flow",source:"Of a source"},of:{all:"All reports",number:"Bridge number",flow:"Flow",source:"Source"},values:{number:"Bridge number",flow:"Flow id",source:"Source"},hints:{number:"With the country code. Spaces, +, 00, dashes and brackets do not count; 080… without the country code is another number.",flow:"The flow_id of the reports.",source:"OBD or C2C, in any letter case."},valueMissing:"Write a value.",exists:"This webhook has this subscription already: it is marked in the list.",delay:"A new subscription takes effect within 30 s.",delete:"Delete",deleteTitle:"Delete the subscription?",deleteText:"Reports of {event} ({identity}) no longer reach {name}, unless they name it as webhook_id or another subscription finds them.",deleted:"Subscription deleted",none:"No subscriptions",noneText:"This webhook gets only reports that name it as webhook_id.",oneWebhook:"Your key is limited to this webhook: it can delete subscriptions and not make them."}},replays:{title:"Replays",one:"Replay",lead:"A replay sends the deliveries of a time range again, with the settings of now and the same webhook-id.",back:"Replays of {name}",backPlain:"Replays of the webhook",range:"Reports of",deliveries:"Deliveries",which:{failed:"Failed and skipped",all:"All"},whichHint:{failed:"those that ended as failed or skipped",all:"those that were delivered as well: receivers get them a second time"},status:"Status",progress:"Progress",counting:"counting",doneOf:"{done} of {total}",missing:"Missing",created:"Started",updated:"Last change",new:"New replay",from:"From",to:"To, not included",zone:"Times in {zone}. They are the times of the reports: the end of the call, else its start, else the receipt.",lastHour:"Last hour",lastDay:"Last 24 hours",sinceFailing:"Since it fails",start:"Replay…",wrong:{from:"Choose when the range begins.",to:"Choose when the range ends.",order:"The range must end after it begins."},confirmTitle:"Replay to {name}?",confirmAction:"Start the replay",confirmText:"This sends deliveries of {name} with reports from {from} to {to} ({zone}) again.",confirmCount:{one:"{count} delivery goes out.",other:"{count} deliveries go out."},confirmMore:"{count} or more deliveries go out.",confirmNone:"The log has no such delivery in this range: nothing would go out.",confirmUnknown:"The deliveries could not be counted.",confirmCounting:"Counting the deliveries…",confirmAll:"Delivered ones go out again as well. Receivers tell repetitions by the webhook-id.",started:"The replay has started",notActive:"This webhook receives nothing now. Activate it, then replay.",none:"No replays",noneText:"Use one after an outage to send what failed, or what was skipped while the webhook was paused.",id:"Replay id",total:"Deliveries counted",done:"Done",queued:"Queued",doneHint:"sent, or ended without a request: skipped, not rendered, or accepted meanwhile",queuedHint:"wait for their request, at most 1,000 at a time",missingHint:"the log no longer holds them, or did not show their request within 15 minutes, twice",missingNote:"Look for the missing ones in the deliveries of this range. If they are not there, the operator looks for them among the dead letters.",noneInRange:"There was nothing to send in this range.",state:{counting:"Callhook counts the deliveries of the range.",sending:"Deliveries go out in the background. A delivery that its receiver refuses follows the retry schedule from its beginning; the replay does not wait for that.",completed:"The replay is over. A delivery whose receiver refused it may still be retrying.",cancelled:"You or another key cancelled this replay. What was queued still goes out.",expired:"The replay was not over after 13 days and has ended. Start another for what is left."},progressLabel:"Progress of the replay",cancel:"Cancel the replay",keep:"Go on",cancelTitle:"Cancel the replay to {name}?",cancelText:"{done} of {total} are done. What is queued ({queued}) still goes out; the rest is not sent.",cancelTextCounting:"The deliveries are being counted. What is not queued yet is not sent.",cancelled:"The replay was cancelled",toDeliveries:"Deliveries of this range",notFound:"This replay does not exist",notFoundText:"A replay can be looked up for 30 days after its last change."}};var ot='.webhook-columns{display:grid;gap:var(--s4);grid-template-columns:minmax(0,3fr) minmax(0,2fr);align-items:start}.webhook-columns>.panel+.panel{margin-top:0}@media(max-width:1200px){.webhook-columns{grid-template-columns:minmax(0,1fr)}}.webhook-columns p+p{margin-top:var(--s1)}.note.good{border-left-color:var(--delivered-mark);background:var(--delivered-soft)}.small{font-size:var(--text-s);line-height:16px}.webhook-line{display:flex;flex-wrap:wrap;gap:var(--s2) var(--s3);align-items:end}.webhook-line>.field{min-width:min(100%,220px)}.webhook-line>span{min-height:var(--control);display:inline-flex;align-items:center;gap:var(--s1)}.webhook-figures tbody th{color:inherit;font-size:inherit;font-weight:400;white-space:normal}.webhook-figures tbody th,.webhook-figures td{height:var(--row);padding-top:var(--s1);padding-bottom:var(--s1)}.webhook-figures tbody tr:last-child th{border-bottom:0}.webhook-fieldset{display:grid;gap:var(--s2);margin:0;padding:0;border:0;min-width:0}.webhook-fieldset>legend{padding:0 0 var(--s1);font-weight:500}.webhook-fieldset .buttons{gap:var(--s2) var(--s4)}.webhook-schedule .buttons{gap:var(--s2)}.webhook-fieldset .error{color:var(--failed);font-size:var(--text-s);overflow-wrap:anywhere}.button[aria-pressed=true]:not(.icon){border-color:var(--accent);background:var(--accent-soft);color:var(--accent-strong)}.webhook-receiver{display:flex;flex-wrap:wrap;align-items:center;gap:var(--s2) var(--s3)}.webhook-save{padding:var(--s3) 0;background:var(--surface);border-top:1px solid var(--border)}.webhook-save.sticky{position:sticky;bottom:0;z-index:1}@media(max-width:600px){.webhook-save.sticky{bottom:52px}}.webhook-waits{display:grid;gap:var(--s2);counter-reset:wait}.webhook-waits li{display:grid;grid-template-columns:72px 104px auto minmax(0,1fr);gap:var(--s2);align-items:center}@media(max-width:600px){.webhook-waits li{grid-template-columns:72px 104px auto}.webhook-waits li>:nth-child(4){grid-column:1 / -1}}.webhook-picture{display:grid;gap:var(--s2);padding:var(--s3) var(--s4);border:1px solid var(--border);border-radius:var(--radius);background:var(--sunken)}.webhook-picture .line{position:relative;height:36px;margin:0 var(--s2)}.webhook-picture .line:before{content:"";position:absolute;left:0;right:0;top:9px;height:2px;background:var(--border-control)}.webhook-picture .dot{position:absolute;top:4px;width:12px;height:12px;margin-left:-6px;border-radius:50%;background:var(--accent);border:2px solid var(--sunken)}.webhook-picture .mark{position:absolute;top:20px;transform:translate(-50%);color:var(--muted);font-size:var(--text-s);line-height:16px;white-space:nowrap}.webhook-picture .mark:before{content:"";position:absolute;left:50%;top:-10px;width:1px;height:8px;background:var(--border-control)}.webhook-conflict td{white-space:normal;overflow-wrap:anywhere;min-width:180px}.webhook-conflict th[scope=row]{color:inherit;font-size:inherit;white-space:normal}.webhook-conflict tbody tr:last-child th{border-bottom:0}.webhook-conflict .check{align-items:start}.webhook-conflict .check input{margin-top:2px}.webhook-row-buttons{display:inline-flex;gap:var(--s2)}.panel>p.body{padding-bottom:0}.webhook-form{border-bottom:1px solid var(--border)}.table td.webhook-form-cell{max-width:none;padding:var(--s4);overflow:visible;white-space:normal;background:var(--sunken)}.table.cards td.webhook-form-cell:before{content:none}.table.cards td.webhook-form-cell>.form{flex:1;text-align:left}.webhook-rotation{padding-top:var(--s4);border-top:1px solid var(--border)}.webhook-steps{display:grid;gap:var(--s1);margin-top:var(--s1);padding-left:20px;list-style:decimal}.webhook-halves{display:grid;gap:var(--s4);grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));align-items:start}.webhook-halves>.panel+.panel{margin-top:0}.webhook-identity{display:inline-flex;align-items:baseline;gap:var(--s1)}.webhook-marked{padding:0 var(--s1);border-radius:4px;background:var(--retrying-soft);outline:2px solid var(--retrying-mark)}.replay-bar{display:flex;height:16px;overflow:hidden;border:1px solid var(--border-control);border-radius:var(--radius);background:var(--sunken)}.replay-bar span{min-width:2px;transition:width var(--fade)}.replay-bar .done,.swatch.done{background:var(--delivered-mark)}.replay-bar .missing,.swatch.missing{background:var(--failed-mark)}.replay-bar .queued,.swatch.queued{background:repeating-linear-gradient(135deg,var(--retrying-mark) 0 4px,var(--retrying-soft) 4px 8px)}.replay-bar .counting{width:100%;background:repeating-linear-gradient(135deg,var(--skipped-mark) 0 8px,var(--sunken) 8px 16px);opacity:.5}.replay-counts{display:grid;gap:var(--s4);grid-template-columns:repeat(auto-fit,minmax(160px,1fr))}.replay-counts .label{display:flex;align-items:center;gap:6px;order:-1}.replay-counts .figure{align-content:start}.swatch{width:10px;height:10px;border-radius:2px;border:1px solid var(--border-control);flex:none}.swatch.total{background:var(--sunken)}';function st({replay:e,name:o,reload:r,onClose:i}){let n=async()=>{try{await w("cancelReplay",{params:{id:e.webhook_id,replay_id:e.id}})}finally{r()}A(t("replays.cancelled")),i()};return s`
    <${R} title=${t("replays.cancelTitle",{name:o})} action=${t("replays.cancel")} cancel=${t("replays.keep")} onConfirm=${n} onClose=${i}>
      <p>${t(e.total===null?"replays.cancelTextCounting":"replays.cancelText",e)}</p>
    <//>`}function _e(e,o){return e?o?e<o?null:"order":"to":"from"}function rt(e){return{count:e.reduce((o,{data:r})=>o+r.length,0),isMore:e.some(({next_cursor:o})=>o!=null)}}function it({total:e,done:o,queued:r,missing:i}){if(e==null)return null;let n=a=>e?Math.min(a/e,1):0;return{done:e?n(o):1,missing:n(i),queued:n(r)}}var Te=({status:e})=>e==="counting"||e==="sending";var io=new Intl.NumberFormat("en"),no=["total","done","queued","missing"];function nt({replay:e}){let o=it(e),r=o&&Math.floor((o.done+o.missing)*100),i=n=>o[n]>0&&s`<span class=${n} style=${{width:`${o[n]*100}%`}} />`;return s`
    <div class="replay-bar" role="progressbar" aria-label=${t("replays.progressLabel")} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${r??void 0}
      aria-valuetext=${o?t("replays.doneOf",e):t("replays.counting")}>
      ${o?s`${i("done")}${i("missing")}${i("queued")}`:s`<span class="counting" />`}
    </div>
    <dl class="replay-counts">
      ${no.map(n=>s`
        <div key=${n} class="figure">
          <dt class="label"><span class=${`swatch ${n}`} />${t(`replays.${n}`)}</dt>
          <dd class="value">${e[n]===null?"–":io.format(e[n])}</dd>
          ${n!=="total"&&s`<dd class="muted small">${t(`replays.${n}Hint`)}</dd>`}
        </div>`)}
    </dl>
    ${e.missing>0&&s`<${x} kind="failed">${t("replays.missingNote")}<//>`}`}function ao({webhookId:e,id:o}){let[r,i]=u(!1),[n,a]=u(!1),l=f=>w("readReplay",{params:{id:e,replay_id:o},signal:f}),{data:c,error:m,reload:d}=E(l,[e,o],{every:r?void 0:2e3}),p=f=>k("webhooks:read")?w("readWebhook",{params:{id:e},signal:f}):null,{data:b}=E(p,[e]);Q(()=>i(!!(c&&!Te(c))||m?.kind==="not-found"),[c,m]);let $=b?.name??e.slice(0,8),v=[_(`/webhooks/${e}`,{tab:"replays"}),b?t("replays.back",{name:$}):t("replays.backPlain")];if(m?.kind==="not-found")return s`<${ee} title=${t("replays.one")} back=${v}>
      <div class="panel"><${W} title=${t("replays.notFound")} text=${t("replays.notFoundText")} action=${s`<${C} href=${v[0]}>${t("replays.title")}<//>`} /></div><//>`;let y=c&&Te(c)&&k("deliveries:write")&&s`<${h} kind="danger" onClick=${()=>a(!0)}>${t("replays.cancel")}<//>`;return s`
    <${ee} title=${t("replays.one")} back=${v} beside=${c&&s`<${V} value=${c.status} />`} actions=${y}>
      ${m&&s`<${T} error=${m} retry=${d} />`}
      ${c?s`<${lo} replay=${c} />`:!m&&s`<div class="panel"><div class="body"><${X} lines=${8} /></div></div>`}
      ${n&&s`<${st} replay=${c} name=${$} reload=${d} onClose=${()=>a(!1)} />`}
    <//>`}function lo({replay:e}){let{id:o,webhook_id:r,deliveries:i,from:n,to:a,status:l}=e,c=_("/deliveries",{webhook_id:r,from:j(n,N()),to:j(a,N())});return s`
    <div class="stack">
      <${g} title=${t("replays.progress")}>
        <div class="stack">
          <p>${t(l==="completed"&&e.total===0?"replays.noneInRange":`replays.state.${l}`)}</p>
          <${nt} replay=${e} />
        </div>
      <//>
      <${g} actions=${s`<${C} kind="small" href=${c}>${t("replays.toDeliveries")}<//>`} title=${t("replays.one")}>
        <${G} of=${[[t("replays.range"),s`<${S} at=${n} /> – <${S} at=${a} />`],[t("replays.deliveries"),s`${t(`replays.which.${i}`)} <span class="muted">${t(`replays.whichHint.${i}`)}</span>`],[t("replays.created"),s`<${S} at=${e.created_at} />`],[t("replays.updated"),s`<${S} at=${e.updated_at} />`],[t("replays.id"),s`<${Z} value=${o} what=${t("replays.id")} whole />`]]} />
      <//>
    </div>`}function at({webhook:e,reload:o}){let[r,i]=u(null),{busy:n,run:a}=F(),l=`/webhooks/${e.id}`,c=k("webhooks:write"),m=()=>a(async()=>{try{await $e(e,"active"),A(t("webhook.activated",{name:e.name}))}catch(d){Ie(Ve(d),m)}o()});return s`
    ${c&&s`<${C} icon="edit" href=${_(`${l}/compose`)}>${t("webhook.compose")}<//>`}
    ${k("deliveries:write")&&k("deliveries:read")&&s`<${C} icon="refresh" href=${_(l,{tab:"replays"})}>${t("webhook.replay")}<//>`}
    ${c&&s`
      ${e.status==="active"?s`<${h} icon="pause" onClick=${()=>i("pause")}>${t("webhook.pause")}<//>`:s`<${h} icon="play" busy=${n} onClick=${m}>${t("webhook.activate")}<//>`}
      <${h} icon="trash" kind="danger" onClick=${()=>i("delete")}>${t("webhook.delete")}<//>
      <${C} icon="play" kind="primary" href=${_(l,{test:"OBD"})}>${t("webhook.test")}<//>`}
    ${r==="pause"&&s`<${co} webhook=${e} reload=${o} onClose=${()=>i(null)} />`}
    ${r==="delete"&&s`<${mo} webhook=${e} onClose=${()=>i(null)} />`}`}var $e=(e,o)=>w("changeWebhook",{params:{id:e.id},body:{status:o}});function co({webhook:e,reload:o,onClose:r}){let{name:i}=e,n=async()=>{await $e(e,"inactive"),A(t("webhook.paused",{name:i})),r(),o()};return s`<${R} title=${t("webhook.pauseTitle",{name:i})} action=${t("webhook.pause")} onConfirm=${n} onClose=${r}><p>${t("webhook.pauseText")}</p><//>`}function mo({webhook:e,onClose:o}){let{id:r,name:i}=e,n=async()=>{await w("deleteWebhook",{params:{id:r}}),A(t("webhook.deleted",{name:i})),o(),me("/webhooks")};return s`<${R} title=${t("webhook.deleteTitle",{name:i})} action=${t("webhook.deleteAction")} onConfirm=${n} onClose=${o}>
    <p class="anywhere">${t("webhook.deleteText",{name:i,id:r})}</p><//>`}var ct=[["delivered",({delivered:e})=>oe(e)],["failed",({failed:e})=>oe(e)],["skipped",({skipped:e})=>oe(e)],["success_rate",({successRate:e})=>Qe(e)],["attempts",({attempts:e})=>oe(e)],["failed_attempts",({failedAttempts:e})=>oe(e)],["p50",({p50:e})=>lt(e)],["p95",({p95:e})=>lt(e)]],lt=e=>e===null?"–":P(e);function dt({webhook:e}){let o=c=>w("readFigures",{params:{id:e.id},query:{from:Ge("7d")},signal:c}),{data:r,error:i,reload:n}=E(o,[e.id],{every:6e4}),a=ve(()=>r&&Ke(r.data,"24h",N()),[r]),l=ve(()=>r&&{day:xe(r.data.slice(-24)),week:xe(r.data.slice(-168))},[r]);return s`
    <${g} title=${t("webhook.figures.title")} flush>
      ${i&&!r&&s`<div class="body"><${T} error=${i} retry=${n} /></div>`}
      ${!r&&!i&&s`<div class="body"><${X} lines=${ct.length} /></div>`}
      ${r&&s`
        <div class="body"><${Je} buckets=${a} step="hour" total=${l.day} /></div>
        <${po} ...${l} />
        <p class="table-foot">${t("webhook.figures.hint")}</p>`}
    <//>`}var po=({day:e,week:o})=>s`
  <table class="table webhook-figures">
    <caption class="sr">${t("webhook.figures.title")}</caption>
    <thead><tr>
      <th scope="col">${t("webhook.figures.measure")}</th>
      <th scope="col" class="right">${t("webhook.figures.day")}</th>
      <th scope="col" class="right">${t("webhook.figures.week")}</th>
    </tr></thead>
    <tbody>${ct.map(([r,i])=>s`
      <tr key=${r}><th scope="row">${t(`webhook.figures.${r}`)}</th><td class="right">${i(e)}</td><td class="right">${i(o)}</td></tr>`)}</tbody>
  </table>`;function ho({status:e,disabled_reason:o,health:r}){return e==="inactive"?"inactive":e==="disabled"?o==="gone"?"gone":"failingLong":r.circuit!=="closed"?r.circuit:r.consecutive_failures>0?"failing":"active"}var mt={open:"openAction",inactive:"inactiveAction",failingLong:"disabledAction",gone:"disabledAction"},uo={open:"failed",failingLong:"failed",gone:"failed",half_open:"warning",failing:"warning",inactive:"warning"};function pt({webhook:e,reload:o}){let{health:r}=e,i=ho(e),n=e.status==="active";return s`
    <${g} title=${t("webhook.health.title")}>
      <div class="stack">
        <div class=${`note ${uo[i]??"good"}`}><div class="text">
          <p>${t(`webhook.health.state.${i}`)}</p>
          ${mt[i]&&s`<p>${t(`webhook.health.state.${mt[i]}`)}</p>`}
        </div></div>
        <${wo} webhook=${e} state=${i} reload=${o} />
        <${G} of=${$o([[t("webhook.health.status"),s`<${V} value=${e.status} />`],[t("webhook.health.disabledAt"),e.disabled_at&&s`<${S} at=${e.disabled_at} />`],[t("webhook.health.circuit"),n&&s`<${V} value=${r.circuit} />`],[t("webhook.health.openSince"),r.open_since&&s`<${S} at=${r.open_since} />`],[t("webhook.health.nextProbe"),r.next_probe_at&&s`<${fo} at=${r.next_probe_at} />`],[t("webhook.health.failingSince"),r.failing_since&&s`
            <${S} at=${r.failing_since} /> <span class="muted">${t("webhook.health.failures",{count:r.consecutive_failures})}</span>`],[t("webhook.health.disableAt"),n&&r.disable_at&&s`<${S} at=${r.disable_at} /> <span class="muted">${t("webhook.health.disableHint")}</span>`],[t("webhook.health.lastFailure"),(n||r.last_failure)&&s`<${bo} failure=${r.last_failure} />`],[t("webhook.health.lastSuccess"),r.last_success_at&&s`<${S} at=${r.last_success_at} /> <span class="muted">${t("webhook.health.lastSuccessHint")}</span>`],[t("webhook.id"),s`<div><${Z} value=${e.id} what=${t("webhook.id")} whole /><div class="muted small">${t("webhook.idUse")}</div></div>`]])} />
      </div>
    <//>`}var $o=e=>e.filter(([,o])=>o);function fo({at:e}){let o=ze(1e3);return s`<${S} at=${e} /> <span class="muted">${new Date(e)>o?We(e,o):t("webhook.health.now")}</span>`}var Ae=({type:e,reason:o})=>o?`${e}: ${o}`:e;function bo({failure:e}){if(!e)return s`<span class="muted">${t("webhook.health.noFailure")}</span>`;let{error:o,status_code:r}=e,i=o?t("webhook.health.noAnswer",{type:Ae(o)}):t("webhook.health.answer",{code:r});return s`<div><${S} at=${e.at} /> <span class="muted">${i}</span><div class="anywhere">${e.meaning}</div></div>`}function wo({webhook:e,state:o,reload:r}){let{busy:i,error:n,run:a}=F(),l=()=>a(async()=>{await $e(e,"active"),A(t("webhook.health.tried")),r()}),c=e.health.failing_since??e.disabled_at,m=_(`/webhooks/${e.id}`,{tab:"replays",...c&&{from:j(c,N()),to:j(new Date(Date.now()+1e3).toISOString(),N())}}),d=o==="open"&&k("webhooks:write"),p=["failing","failingLong","gone"].includes(o)&&k("deliveries:write")&&k("deliveries:read");return!d&&!p?null:s`
    <div class="buttons">
      ${d&&s`<${h} busy=${i} onClick=${l}>${t("webhook.health.tryNow")}<//>`}
      ${p&&s`<${C} href=${m}>${t("webhook.health.toReplay")}<//>`}
    </div>
    <${T} error=${n} />`}var ht=e=>_(`/deliveries/${e.id}`),ko=e=>e&&(e.status_code??e.error?.type),go=()=>[{name:"report",title:t("webhook.recent.report"),cell:e=>s`<${Z} value=${e.report_id} what=${t("webhook.recent.report")} href=${ht(e)} />`},{name:"status",title:t("webhook.recent.status"),cell:e=>s`<${V} value=${e.status} next=${e.next_attempt_at} />`},{name:"received",title:t("webhook.recent.received"),cell:e=>s`<${S} at=${e.received_at} />`},{name:"attempts",title:t("webhook.recent.attempts"),right:!0,cell:e=>e.attempt_count},{name:"answer",title:t("webhook.recent.answer"),cell:e=>s`<span title=${e.detail}>${ko(e.last_attempt)??"–"}</span>`},{name:"latency",title:t("webhook.recent.latency"),right:!0,cell:e=>e.last_attempt?P(e.last_attempt.latency_ms):"–"}];function ut({webhook:e}){let{id:o}=e,r=p=>w("listDeliveries",{params:{id:o},query:{limit:10},signal:p}),{data:i,error:n,loading:a,reload:l}=E(r,[o],{every:1e4}),c={rows:i?.data,error:n,loading:a,hasMore:!1,reload:l},m=s`<${C} kind="small" href=${_("/deliveries",{webhook_id:o})}>${t("webhook.recent.all")}<//>`,d=s`<${W} title=${t("webhook.recent.none")} text=${t("webhook.recent.noneText")} curl=${J("listDeliveries",{params:{id:o}})}
    action=${s`<${C} href=${_(`/webhooks/${o}`,{tab:"subscriptions"})}>${t("webhook.recent.subscribe")}<//>`} />`;return s`
    <${g} title=${t("webhook.recent.title")} actions=${m} flush>
      <${se} label=${t("webhook.recent.title")} columns=${go()} pages=${c} linkOf=${ht} empty=${d} />
    <//>`}var $t=["OBD","C2C"];function ft({webhook:e}){let{test:o}=Y(),r=de(null),[i,n]=u(null),{busy:a,error:l,run:c}=F(),m=$t.includes(o)?o:"OBD";Q(()=>{o&&(r.current.scrollIntoView({block:"center"}),r.current.querySelector("button")?.focus({preventScroll:!0}))},[!!o]);let d=()=>c(async()=>{n(null),n(await w("testWebhook",{params:{id:e.id},body:{sample:m}}))});return s`
    <div ref=${r}>
      <${g} title=${t("webhook.trial.title")}>
        <div class="stack">
          <p class="muted">${t("webhook.trial.lead")}</p>
          <div class="webhook-line">
            <${q} label=${t("webhook.trial.sample")} value=${m} onValue=${p=>K({test:p})}
              options=${$t.map(p=>[p,t(`webhook.trial.samples.${p}`)])} />
            <${h} icon="play" busy=${a} onClick=${d}>${t("webhook.trial.send")}<//>
            <span class="muted" role="status">${a?t("webhook.trial.sending"):""}</span>
          </div>
          ${e.status!=="active"&&s`<p class="muted small">${t("webhook.trial.paused")}</p>`}
          <${T} error=${l} retry=${d} />
          ${i&&s`<${vo} result=${i} isOpen=${e.health.circuit!=="closed"} />`}
        </div>
      <//>
    </div>`}function vo({result:e,isOpen:o}){let{taken:r,meaning:i,status_code:n,error:a,latency_ms:l,request:c,address:m,id:d,response:p,response_headers:b}=e,$=Object.entries(b??{}).map(([v,y])=>`${v}: ${y}`).join(`
`);return s`
    <div class="stack" role="status">
      <${x} kind=${r?"good":"failed"}><strong>${t(r?"webhook.trial.accepted":"webhook.trial.refused")}</strong>: ${i}<//>
      ${r&&o&&s`<p class="muted small">${t("webhook.trial.circuit")}</p>`}
      <${G} of=${[[t("webhook.trial.status"),n??(a&&t("webhook.health.noAnswer",{type:Ae(a)}))],[t("webhook.trial.latency"),P(l)],[t("webhook.trial.request"),c&&s`<span class="mono">${c.method} ${c.url}</span>`],[t("webhook.trial.address"),m&&s`<span class="mono">${m}</span>`],[t("webhook.trial.id"),s`<span class="mono">${d}</span>`]]} />
      ${$&&s`<${H} text=${$} name=${t("webhook.trial.headers")} />`}
      ${p?.text&&s`<${H} text=${p.text} name=${t("webhook.trial.response")} json wrap />`}
      ${p?.base64&&s`<${H} text=${p.base64} name=${t("webhook.trial.binary")} wrap />`}
      ${n!==void 0&&!p?.text&&!p?.base64&&s`<p class="muted">${t("webhook.trial.noBody")}</p>`}
    </div>`}function Ce({webhook:e,reload:o}){let r=k("deliveries:read");return s`
    <div class="stack">
      <div class="webhook-columns">
        <${pt} webhook=${e} reload=${o} />
        ${r?s`<${dt} webhook=${e} />`:s`<${x}>${t("common.needsScope",{scope:"deliveries:read"})}<//>`}
      </div>
      ${k("webhooks:write")&&s`<${ft} webhook=${e} />`}
      ${r&&s`<${ut} webhook=${e} />`}
    </div>`}var yo={failed:["failed","skipped"],all:["failed","skipped","delivered"]};function bt({webhook:e,from:o,to:r,deliveries:i,onClose:n}){let{id:a,name:l}=e,{data:c,error:m}=E(async p=>{let b=$=>w("listDeliveries",{params:{id:a},query:{status:$,from:o,to:r,limit:50},signal:p});return rt(await Promise.all(yo[i].map(b)))},[a,o,r,i]),d=async()=>{let p=await w("createReplay",{params:{id:a},body:{from:o,to:r,deliveries:i}});A(t("replays.started")),me(`/webhooks/${a}/replays/${p.id}`)};return s`
    <${R} title=${t("replays.confirmTitle",{name:l})} action=${t("replays.confirmAction")} kind="primary" onConfirm=${d} onClose=${n}>
      <p class="anywhere">${t("replays.confirmText",{name:l,from:o,to:r,zone:N()})}</p>
      <p role="status"><strong>${xo(c,m)}</strong></p>
      ${i==="all"&&s`<p>${t("replays.confirmAll")}</p>`}
    <//>`}function xo(e,o){return e?e.isMore?t("replays.confirmMore",e):e.count?t("replays.confirmCount",e):t("replays.confirmNone"):t(o?"replays.confirmUnknown":"replays.confirmCounting")}var wt=36e5;function kt({webhook:e}){let{from:o,to:r,deliveries:i}=Y(),[n,a]=u(!1),[l,c]=u(!1),m=i==="all"?"all":"failed",[d,p]=[Se(o),Se(r)],b=n?_e(d,p):null,$=e.health.failing_since??e.disabled_at,v=f=>K({from:j(new Date(f).toISOString(),N()),to:j(new Date(Date.now()+1e3).toISOString(),N())}),y=f=>{f.preventDefault(),a(!0),_e(d,p)||c(!0)};return s`
    <${g} title=${t("replays.new")}>
      <form class="form" onSubmit=${y} novalidate>
        ${e.status!=="active"&&s`<${x} kind="warning">${t("replays.notActive")}<//>`}
        <div class="buttons">
          <${h} kind="small" onClick=${()=>v(Date.now()-wt)}>${t("replays.lastHour")}<//>
          <${h} kind="small" onClick=${()=>v(Date.now()-24*wt)}>${t("replays.lastDay")}<//>
          ${$&&s`<${h} kind="small" onClick=${()=>v(new Date($))}>${t("replays.sinceFailing")}<//>`}
        </div>
        <div class="row">
          <${B} type="datetime-local" step="1" label=${t("replays.from")} value=${j(o,N())} onValue=${f=>K({from:f})}
            error=${b==="from"?t("replays.wrong.from"):void 0} />
          <${B} type="datetime-local" step="1" label=${t("replays.to")} value=${j(r,N())} onValue=${f=>K({to:f})}
            error=${b==="to"||b==="order"?t(`replays.wrong.${b}`):void 0} />
        </div>
        <p class="muted small">${t("replays.zone",{zone:N()})}</p>
        <${q} label=${t("replays.deliveries")} hint=${t(`replays.whichHint.${m}`)} value=${m}
          onValue=${f=>K({deliveries:f==="all"?f:void 0})}
          options=${["failed","all"].map(f=>[f,t(`replays.which.${f}`)])} />
        <div class="buttons"><${h} kind="primary" icon="refresh" type="submit" disabled=${e.status!=="active"}>${t("replays.start")}<//></div>
      </form>
      ${l&&s`<${bt} webhook=${e} from=${d} to=${p} deliveries=${m} onClose=${()=>c(!1)} />`}
    <//>`}var So=()=>[{name:"range",title:t("replays.range"),cell:e=>s`<${_o} row=${e} />`},{name:"deliveries",title:t("replays.deliveries"),cell:e=>!e.unreadable&&t(`replays.which.${e.deliveries}`)},{name:"status",title:t("replays.status"),cell:e=>!e.unreadable&&s`<${V} value=${e.status} />`},{name:"progress",title:t("replays.progress"),right:!0,cell:e=>!e.unreadable&&(e.total===null?t("replays.counting"):t("replays.doneOf",e))},{name:"missing",title:t("replays.missing"),right:!0,cell:e=>e.missing},{name:"created",title:t("replays.created"),cell:e=>!e.unreadable&&s`<${S} at=${e.created_at} />`}],gt=e=>e.unreadable?void 0:_(`/webhooks/${e.webhook_id}/replays/${e.id}`),_o=({row:e})=>e.unreadable?t("common.unreadable"):s`<a href=${gt(e)}><${S} at=${e.from} /> – <${S} at=${e.to} /></a>`;function vt({webhook:e}){let{id:o}=e,r=he((n,a)=>w("listReplays",{params:{id:o},query:{limit:25,cursor:n},signal:a}),[o],{every:5e3}),i=s`<${W} title=${t("replays.none")} text=${t("replays.noneText")}
    curl=${k("deliveries:write")&&J("createReplay",{params:{id:o},body:{from:"2026-11-22 08:00:00",to:"2026-11-22 12:00:00",deliveries:"failed"}})} />`;return s`
    <div class="stack">
      <p class="muted">${t("replays.lead")}</p>
      ${k("deliveries:write")?s`<${kt} webhook=${e} />`:s`<${x}>${t("common.needsScope",{scope:"deliveries:write"})}<//>`}
      <${g} title=${t("replays.title")} flush>
        <${se} label=${t("replays.title")} columns=${So()} pages=${r} linkOf=${gt} empty=${i} />
      <//>
    </div>`}var yt=["OBD","C2C"];function xt({webhook:e}){let{sample:o}=Y(),r=yt.includes(o)?o:"OBD",i=m=>w("previewWebhook",{body:{webhook_id:e.id,sample:r},signal:m}),{data:n,error:a,reload:l}=E(i,[e.id,e.version,r]),c=k("webhooks:write")&&s`<${C} kind="small" icon="edit" href=${_(`/webhooks/${e.id}/compose`)}>${t("webhook.request.compose")}<//>`;return s`
    <div class="stack">
      ${n?.warnings.length>0&&s`<${x} kind="warning">
        ${t("webhook.request.warnings",{count:n.warnings.length})}
        <ul>${n.warnings.map(({field:m,message:d})=>s`<li><code>${m}</code> ${d}</li>`)}</ul><//>`}
      <div class="webhook-halves">
        <${g} title=${t("webhook.request.title")} actions=${c}>
          <div class="stack">
            <p class="muted">${t("webhook.request.lead")}</p>
            <${To} webhook=${e} />
          </div>
        <//>
        <${g} title=${t("webhook.request.preview")}>
          <div class="stack">
            <p class="muted">${t("webhook.request.previewHint")}</p>
            <div class="webhook-line"><${q} label=${t("webhook.trial.sample")} value=${r} onValue=${m=>K({sample:m})}
              options=${yt.map(m=>[m,t(`webhook.trial.samples.${m}`)])} /></div>
            <${T} error=${a} retry=${l} />
            ${n?s`<${Ao} preview=${n} />`:!a&&s`<${X} lines=${8} />`}
          </div>
        <//>
      </div>
    </div>`}function To({webhook:e}){let{method:o,url:r,headers:i={},body:n}=e,a=Object.keys(i);return s`
    <${G} of=${[[t("webhook.request.method"),s`<span class="mono">${o}</span>`]]} />
    <${H} text=${r} name=${t("webhook.request.url")} wrap />
    ${a.length?s`<${H} text=${St(i)} name=${t("webhook.request.headers")} wrap />`:s`<p class="muted">${t("webhook.request.noHeaders")}</p>`}
    ${n&&s`<${H} text=${Me(n.template)} name=${t("webhook.request.format",{format:n.format})} wrap />`}
    ${!n&&s`<p class="muted">${t(o==="GET"?"webhook.request.noBody":"webhook.request.defaultBody")}</p>`}`}var Ao=({preview:{method:e,url:o,headers:r,body:i}})=>s`
  <${H} text=${`${e} ${o}`} name=${t("webhook.request.url")} wrap />
  <${H} text=${St(r)} name=${t("webhook.request.headers")} wrap />
  ${i?s`<${H} text=${i} name=${t("webhook.request.body")} json wrap />`:s`<p class="muted">${t("webhook.request.emptyBody")}</p>`}`,St=e=>Object.entries(e).map(([o,r])=>`${o}: ${r}`).join(`
`);function re(){let e=de(null);return Q(()=>e.current?.querySelector("input, select, textarea")?.focus(),[]),e}function ie({label:e,field:o,first:r,isBlocked:i,onSave:n,onCancel:a}){let l=re(),[c,m]=u(""),[d,p]=u(!1),{busy:b,error:$,run:v}=F();return s`
    <form class="form" ref=${l} onSubmit=${f=>{f.preventDefault(),p(c===""),c!==""&&!i&&v(()=>n(c))}}>
      ${r}
      <${ue} label=${e} value=${c} onValue=${m} error=${d&&c===""?t("webhook.secrets.empty"):$?.field?.(o)} />
      <${T} error=${$} />
      <div class="buttons">
        <${h} kind="primary" type="submit" busy=${b} disabled=${i}>${t("webhook.secrets.save")}<//>
        <${h} onClick=${a}>${t("common.cancel")}<//>
      </div>
      <${te} when=${c!==""} />
    </form>`}function _t({webhook:e,reload:o}){let[r,i]=u(null),n=t("webhook.secrets.bearerName"),a=e.bearer_secret?.set_at,l=async c=>{await w("changeWebhook",{params:{id:e.id},body:{bearer_secret:c}}),A(t(c===null?"webhook.secrets.removed":"webhook.secrets.saved",{name:n})),i(null),o()};return s`
    <${g} title=${t("webhook.secrets.bearer")}>
      <div class="stack">
        <p class="muted">${t("webhook.secrets.bearerHint")}</p>
        <div class="webhook-line">
          <span>${a?s`${t("webhook.secrets.setAt")} <${S} at=${a} />`:t("webhook.secrets.bearerNone")}</span>
          ${k("webhooks:write")&&r!=="write"&&s`
            <${h} kind="small" onClick=${()=>i("write")}>${t(a?"webhook.secrets.replace":"webhook.secrets.bearerAdd")}<//>
            ${a&&s`<${h} kind="small danger" onClick=${()=>i("remove")}>${t("webhook.secrets.remove")}<//>`}`}
        </div>
        ${r==="write"&&s`<${ie} label=${t("webhook.secrets.bearerNew")} field="bearer_secret" onSave=${l} onCancel=${()=>i(null)} />`}
      </div>
      ${r==="remove"&&s`<${R} title=${t("webhook.secrets.removeTitle",{name:n})} action=${t("webhook.secrets.remove")}
        onConfirm=${()=>l(null)} onClose=${()=>i(null)}>
        <p>${t("webhook.secrets.removeBearer",{name:e.name})}</p><//>`}
    <//>`}function Tt(e){try{let{origin:o}=new URL(e);return o==="null"?null:o}catch{return null}}var Co=/%%|%([A-Za-z_][A-Za-z0-9_-]{0,63})%/g,Oe=e=>[...e.matchAll(Co)].map(([,o])=>o).filter(Boolean);function At(e,{url:o,headers:r={},body:i}){let n=[];Oe(o).includes(e)&&n.push("url");for(let[a,l]of Object.entries(r))Oe(l).includes(e)&&n.push(`headers.${a}`);return i&&Oe(JSON.stringify(i.template)).includes(e)&&n.push("body"),n}var Ne=(e,o)=>w("changeWebhook",{params:{id:e.id},body:{secrets:o}}),Ct=(e,o)=>At(o,e).map(r=>r.startsWith("headers.")?t("webhook.secrets.places.header",{name:r.slice(8)}):t(`webhook.secrets.places.${r}`)).join(", ");function Ot({webhook:e,reload:o}){let[r,i]=u(null),n=()=>i(null),a=Object.keys(e.secrets).sort(),l=k("webhooks:write"),c=s`<${h} kind="small" icon="plus" onClick=${()=>i("add")}>${t("webhook.secrets.add")}<//>`,m=p=>{A(t("webhook.secrets.saved",{name:p})),n(),o()},d=!a.length&&r!=="add";return s`
    <${g} title=${t("webhook.secrets.named")} actions=${l&&a.length>0&&r!=="add"&&c} flush>
      ${d&&s`<${W} title=${t("webhook.secrets.none")} text=${t("webhook.secrets.noneText")} action=${l&&c}
        curl=${l&&J("changeWebhook",{params:{id:e.id},body:{secrets:{token:"…"}}})} />`}
      ${!d&&s`<p class="body muted">${t("webhook.secrets.namedHint")}</p>`}
      ${r==="add"&&s`<${No} webhook=${e} onSaved=${m} onCancel=${n} />`}
      ${a.length>0&&s`<${Oo} webhook=${e} names=${a} mayWrite=${l} open=${r} setOpen=${i} onSaved=${m} />`}
      ${r?.does==="remove"&&s`<${Ro} webhook=${e} name=${r.name} reload=${o} onClose=${n} />`}
    <//>`}var Oo=({webhook:e,names:o,mayWrite:r,open:i,setOpen:n,onSaved:a})=>s`
  <div class="table-wrap" tabindex="0" role="region" aria-label=${t("webhook.secrets.named")}>
    <table class="table cards">
      <thead><tr>
        ${["name","setAt","uses"].map(l=>s`<th key=${l} scope="col">${t(`webhook.secrets.${l}`)}</th>`)}
        ${r&&s`<th scope="col" class="right">${t("webhook.rowActions")}</th>`}
      </tr></thead>
      <tbody>${o.map(l=>s`
        <tr key=${l}>
          <td data-label=${t("webhook.secrets.name")}><code>%${l}%</code></td>
          <td data-label=${t("webhook.secrets.setAt")}><${S} at=${e.secrets[l].set_at} /></td>
          <td data-label=${t("webhook.secrets.uses")}>${Ct(e,l)||s`<span class="muted">${t("webhook.secrets.unused")}</span>`}</td>
          ${r&&s`<td class="right"><span class="webhook-row-buttons">
            <${h} kind="small" onClick=${()=>n({does:"replace",name:l})}>${t("webhook.secrets.replace")}<//>
            <${h} kind="small danger" onClick=${()=>n({does:"remove",name:l})}>${t("webhook.secrets.remove")}<//>
          </span></td>`}
        </tr>
        ${i?.does==="replace"&&i.name===l&&s`
          <tr key=${`${l}-replace`}><td colspan="4" class="webhook-form-cell">
            <${ie} label=${t("webhook.secrets.newValue",{name:l})} field=${`secrets.${l}`} onCancel=${()=>n(null)}
              onSave=${async c=>{await Ne(e,{[l]:c}),a(l)}} />
          </td></tr>`}`)}</tbody>
    </table>
  </div>`;function No({webhook:e,onSaved:o,onCancel:r}){let[i,n]=u(""),a=Object.hasOwn(e.secrets,i),l=s`<${B} label=${t("webhook.secrets.name")} hint=${t("webhook.secrets.nameHint")} value=${i} onValue=${n} mono
    error=${a?t("webhook.secrets.taken"):void 0} spellcheck=${!1} autocomplete="off" />`;return s`<div class="body webhook-form">
    <${ie} label=${t("webhook.secrets.value")} field=${`secrets.${i}`} first=${l} isBlocked=${!i||a} onCancel=${r}
      onSave=${async c=>{await Ne(e,{[i]:c}),o(i)}} />
  </div>`}function Ro({webhook:e,name:o,reload:r,onClose:i}){let n=Ct(e,o),a=async()=>{await Ne(e,{[o]:null}),A(t("webhook.secrets.removed",{name:o})),i(),r()};return s`<${R} title=${t("webhook.secrets.removeTitle",{name:o})} action=${t("webhook.secrets.remove")} onConfirm=${a} onClose=${i}>
    <p>${t("webhook.secrets.removeText",{name:o})}</p>${n&&s`<p>${t("webhook.secrets.removeUsed",{uses:n})}</p>`}<//>`}var Nt=["86400","3600","604800","0"];function Do(){let e=crypto.getRandomValues(new Uint8Array(32));return`whsec_${btoa(String.fromCharCode(...e))}`}function Rt({webhook:e,onDone:o,onCancel:r}){let i=re(),[n,a]=u(Nt[0]),[l,c]=u(!1),[m,d]=u(""),[p,b]=u(!1),[$,v]=u(!1),{busy:y,error:f,run:O}=F(),D=async()=>{let L={overlap_seconds:Number(n),...l?{secret:m.trim()}:{}};try{let{secret:z}=await w("rotateSecret",{params:{id:e.id},body:L});o({secret:z,overlap:Number(n)})}catch(z){throw v(!l&&(z.kind==="offline"||z.kind==="timeout")),z}};return s`
    <form class="form webhook-rotation" ref=${i} onSubmit=${L=>{L.preventDefault(),n==="0"?b(!0):O(D)}}>
      <${q} label=${t("webhook.signing.overlap")} value=${n} onValue=${a}
        options=${Nt.map(L=>[L,t(`webhook.signing.overlaps.${L}`)])} error=${f?.field?.("overlap_seconds")} />
      <${Re} overlap=${Number(n)} />
      <${pe} label=${t("webhook.signing.own")} checked=${l} onValue=${c} />
      ${l&&s`
        <${ue} label=${t("webhook.signing.ownLabel")} hint=${t("webhook.signing.ownHint")} placeholder="whsec_…"
          value=${m} onValue=${d} error=${f?.field?.("secret")} />
        <div><${h} kind="small" onClick=${()=>d(Do())}>${t("webhook.signing.generate")}<//></div>`}
      <${T} error=${f} />
      ${$&&s`<${x} kind="warning">${t("webhook.signing.lost")}<//>`}
      <div class="buttons">
        <${h} kind="primary" type="submit" busy=${y} disabled=${l&&!m.trim()}>${t("webhook.signing.rotate")}<//>
        <${h} onClick=${r}>${t("common.cancel")}<//>
      </div>
      ${p&&s`<${R} title=${t("webhook.signing.confirmTitle")} action=${t("webhook.signing.rotate")}
        onConfirm=${D} onClose=${()=>b(!1)}>
        <p>${t("webhook.signing.confirmText",{name:e.name})}</p><//>`}
    </form>`}var Re=({overlap:e,isDone:o})=>s`
  <div>
    <h3>${t(o?"webhook.signing.stepsDone":"webhook.signing.steps")}</h3>
    <ol class="webhook-steps">
      ${!o&&s`<li>${t(e?"webhook.signing.step1":"webhook.signing.step1Now")}</li>`}
      <li>${t(e?"webhook.signing.step2":"webhook.signing.step2Now")}</li>
      ${e>0&&s`<li>${t("webhook.signing.step3")}</li>`}
    </ol>
  </div>`;function Dt({webhook:e,reload:o}){let[r,i]=u(!1),[n,a]=u(null),{set_at:l,earlier:c}=e.signing,m=p=>{i(!1),a(p),o()},d=k("webhooks:write")&&!r&&s`<${h} kind="small" icon="refresh" onClick=${()=>i(!0)}>${t("webhook.signing.rotate")}<//>`;return s`
    <${g} title=${t("webhook.signing.title")} actions=${d}>
      <div class="stack">
        <p class="muted">${t("webhook.signing.lead")}</p>
        <${G} of=${[[t("webhook.signing.setAt"),s`<${S} at=${l} />`],[t("webhook.signing.earlier"),c.length?s`<ul>${c.map(({until:p})=>s`
              <li key=${p}>${t("webhook.signing.until")} <${S} at=${p} /> <span class="muted">(<${S} at=${p} relative />)</span></li>`)}</ul>`:t("webhook.signing.noEarlier")]]} />
        ${r&&s`<${Rt} webhook=${e} onDone=${m} onCancel=${()=>i(!1)} />`}
      </div>
      ${n&&s`<${et} title=${t("webhook.signing.newTitle",{name:e.name})} secret=${n.secret}
        name=${t("webhook.signing.secretName")} onClose=${()=>a(null)}>
        <${Re} overlap=${n.overlap} isDone /><//>`}
    <//>`}var De={JavaScript:`import { createHmac, timingSafeEqual } from "node:crypto";

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
`};var qo=({method:e,url:o})=>e==="GET"||/\{\{|%[A-Za-z_][\w-]*%/.test(o);function qt({webhook:e}){let[o,r]=u("JavaScript");return s`
    <${g} title=${t("webhook.signing.verify")}>
      <div class="stack">
        <p>${t("webhook.signing.verifyText")}</p>
        ${qo(e)&&s`<${x} kind="warning">${t("webhook.signing.verifyUrl")}<//>`}
        <div class="webhook-line">
          <${q} label=${t("webhook.signing.language")} value=${o} onValue=${r} options=${Object.keys(De).map(i=>[i,i])} />
          <span><a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">${t("webhook.signing.standard")}</a></span>
          <span><a href="../docs" target="_blank" rel="noreferrer">${t("webhook.signing.docs")}</a></span>
        </div>
        <${H} text=${De[o]} name=${o} />
      </div>
    <//>`}var Ft=({webhook:e,reload:o})=>s`
  <div class="stack">
    ${!k("webhooks:write")&&s`<${x}>${t("webhook.secrets.needsWrite")}<//>`}
    <${Ot} webhook=${e} reload=${o} />
    <${_t} webhook=${e} reload=${o} />
    <${Dt} webhook=${e} reload=${o} />
    <${qt} webhook=${e} />
  </div>`;var ne=[["d",86400],["h",3600],["min",60],["s",1]],qe=12,Ht=604800,fe={standard:[5,300,1800,7200,18e3,36e3,50400,72e3,86400],quick:[5,30,120,600,1800],patient:[60,900,3600,21600,86400,172800,259200],once:[]},Fo=e=>ne.find(([o])=>o===e)[1];function be(e){let[o,r]=ne.find(([,i])=>e%i===0&&e>=i)??ne.at(-1);return{value:String(e/r),unit:o}}function we({value:e,unit:o}){let r=e.trim();if(!/^\d+(\.\d+)?$/.test(r))return null;let i=Number((Number(r)*Fo(o)).toFixed(6));return Number.isInteger(i)&&i>0?i:null}function Bt(e){return e.reduce((o,r)=>[...o,o.at(-1)+r],[0])}var Et=e=>Object.keys(fe).find(o=>String(fe[o])===String(e)),Fe=(e,o)=>o>0?Math.log10(1+e)/Math.log10(1+o):0,Ho=[["1 s",1],["10 s",10],["1 min",60],["10 min",600],["1 h",3600],["10 h",36e3],["1 d",86400],["7 d",604800],["30 d",2592e3]];function Lt(e,o=.1){let r=[];for(let[i,n]of Ho){let a=Fe(n,e);n<e&&a>=(r.at(-1)?.at??0)+o&&a<=1-o&&r.push({text:i,at:a})}return r}var ae=["name","description","status","timeout_seconds","success_codes","max_per_second","retry","mask"],Bo=["url","method","headers","body","secrets","bearer_secret","signing"];function ke(e){return{name:e.name,description:e.description??"",status:e.status,timeout_seconds:String(e.timeout_seconds),success_codes:e.success_codes.join(", "),max_per_second:e.max_per_second===void 0?"":String(e.max_per_second),retry:e.retry.schedule.map(be),mask:e.mask??[]}}function Be(e,o){return e==="mask"?o.mask?.length?[...o.mask].sort():null:o[e]??null}var He=e=>/^\d+$/.test(e.trim())?Number(e):void 0;function Ee(e,o){let r=o[e];if(e==="description")return r.trim()===""?null:r;if(e==="timeout_seconds"||e==="max_per_second")return r.trim()===""?null:He(r);if(e==="success_codes"){let i=r.split(/[\s,;]+/).filter(Boolean).map(He);return i.includes(void 0)?void 0:i.length?i:null}if(e==="retry"){let i=r.map(we);return i.includes(null)?void 0:{schedule:i}}return e==="mask"?r.length?[...r].sort():null:r}var Le=(e,o)=>JSON.stringify(e)===JSON.stringify(o);function le(e,o){let r={},i=[];for(let n of ae){let a=Ee(n,o);a===void 0?i.push(n):Le(a,Be(n,e))||(r[n]=a)}return{body:r,unreadable:i,isDirty:i.length>0||Object.keys(r).length>0}}function Mt(e,o,r){let i=le(e,o).body;return ae.filter(n=>!Le(Ee(n,o),Be(n,r))).map(n=>({name:n,yours:Ee(n,o),saved:Be(n,r),choice:n in i?"yours":"saved"}))}var Pt=(e,o)=>Bo.filter(r=>!Le(e[r],o[r]));function Wt(e,o,r){let i=ke(o);return Object.fromEntries(ae.map(n=>[n,r.includes(n)?e[n]:i[n]]))}var Eo={max_per_second:"noLimit",timeout_seconds:"default",success_codes:"default"};function Lo(e,o){return e==="status"?t(`webhook.settings.statuses.${o}`):e==="retry"?o.schedule.length?o.schedule.map(r=>P(r*1e3)).join(", "):t("webhook.schedule.none"):o==null?t(`webhook.settings.${Eo[e]??"none"}`):Array.isArray(o)?o.join(", "):String(o)}function Ut({base:e,form:o,saved:r,busy:i,error:n,onSave:a,onUseSaved:l,onBack:c}){let m=Mt(e,o,r),[d,p]=u({}),b=y=>d[y.name]??y.choice,$=Pt(e,r),v=()=>{let y=m.filter(O=>b(O)==="yours").map(({name:O})=>O),{body:f}=le(r,Wt(o,r,y));return Object.keys(f).length?a(f,r.version):l()};return s`
    <${g} title=${t("webhook.conflict.title")}>
      <div class="stack">
        <${x} kind="warning">${t("webhook.conflict.text",{saved:r.version,base:e.version})}<//>
        ${$.length>0&&s`<p>${t("webhook.conflict.others",{names:$.join(", ")})}</p>`}
        ${m.length?s`<${Mo} rows=${m} choiceOf=${b} onChoose=${(y,f)=>p({...d,[y]:f})} />`:s`<p>${t("webhook.conflict.same")}</p>`}
        <${T} error=${n} />
        <div class="buttons">
          ${m.length?s`<${h} kind="primary" busy=${i} onClick=${v}>${t("webhook.conflict.save")}<//>`:s`<${h} kind="primary" onClick=${l}>${t("webhook.conflict.done")}<//>`}
          <${h} onClick=${c}>${t("webhook.conflict.back")}<//>
        </div>
      </div>
    <//>`}var Mo=({rows:e,choiceOf:o,onChoose:r})=>s`
  <div class="table-wrap" tabindex="0" role="region" aria-label=${t("webhook.conflict.title")}>
    <table class="table webhook-conflict">
      <thead><tr>
        <th scope="col">${t("webhook.conflict.setting")}</th><th scope="col">${t("webhook.conflict.yours")}</th><th scope="col">${t("webhook.conflict.saved")}</th>
      </tr></thead>
      <tbody>${e.map(i=>s`
        <tr key=${i.name}>
          <th scope="row">${t(`webhook.settings.${i.name}`)}</th>
          <${It} row=${i} side="yours" label="keepYours" choiceOf=${o} onChoose=${r} />
          <${It} row=${i} side="saved" label="keepSaved" choiceOf=${o} onChoose=${r} />
        </tr>`)}</tbody>
    </table>
  </div>`,It=({row:e,side:o,label:r,choiceOf:i,onChoose:n})=>s`
  <td><label class="check">
    <input type="radio" name=${`keep-${e.name}`} checked=${i(e)===o} onChange=${()=>n(e.name,o)}
      aria-label=${t(`webhook.conflict.${r}`,{name:t(`webhook.settings.${e.name}`)})} />
    <span>${Lo(e.name,e[o])}</span>
  </label></td>`;var Po=ne.map(([e])=>e).reverse(),Wo={value:"1",unit:"h"};function Vt({waits:e,onWaits:o,error:r,isUnreadable:i,disabled:n}){let a=e.map(we),l=!a.includes(null),c=l?Bt(a):null,m=l?Et(a):void 0,d=($,v)=>o(e.map((y,f)=>f===$?{...y,...v}:y)),p=r?.field?.("retry"),b=$=>i&&a[$]===null?t("webhook.schedule.unclear"):p&&a[$]>Ht?t("webhook.schedule.tooLong"):void 0;return s`
    <fieldset class="webhook-fieldset webhook-schedule" disabled=${n}>
      <legend>${t("webhook.settings.retry")}</legend>
      ${!n&&s`<div class="buttons" role="group" aria-label=${t("webhook.schedule.presets")}>
        ${Object.entries(fe).map(([$,v])=>s`
          <${h} key=${$} kind="small" aria-pressed=${m===$} onClick=${()=>o(v.map(be))}>${t(`webhook.schedule.preset.${$}`)}<//>`)}
      </div>`}
      <${Uo} attempts=${c} />
      <ol class="webhook-waits">
        ${e.map(($,v)=>s`
          <${Io} key=${v} number=${v+1} wait=${$} after=${c?.[v+1]} message=${b(v)}
            onChange=${y=>d(v,y)} onRemove=${()=>o(e.filter((y,f)=>f!==v))} />`)}
      </ol>
      ${!n&&s`<div class="buttons">
        <${h} kind="small" icon="plus" disabled=${e.length>=qe} onClick=${()=>o([...e,e.at(-1)??Wo])}>${t("webhook.schedule.add")}<//>
        ${e.length>=qe&&s`<span class="muted small">${t("webhook.schedule.full")}</span>`}
      </div>`}
      ${p&&s`<p class="error">${p}</p>`}
      <p class="muted small">${t("webhook.schedule.spread")}</p>
    </fieldset>`}function Io({number:e,wait:o,after:r,message:i,onChange:n,onRemove:a}){return s`
    <li>
      <input class="input" inputmode="decimal" value=${o.value} aria-label=${t("webhook.schedule.wait",{number:e})} aria-invalid=${i?"true":void 0}
        onInput=${l=>n({value:l.currentTarget.value})} />
      <select class="select" value=${o.unit} aria-label=${t("webhook.schedule.unit",{number:e})} onChange=${l=>n({unit:l.currentTarget.value})}>
        ${Po.map(l=>s`<option value=${l}>${t(`webhook.schedule.units.${l}`)}</option>`)}
      </select>
      <${Ue} icon="close" kind="small" label=${t("webhook.schedule.remove",{number:e})} onClick=${a} />
      ${i?s`<span class="error">${i}</span>`:s`<span class="muted small">${r===void 0?"":t("webhook.schedule.attempt",{number:e+1,time:P(r*1e3)})}</span>`}
    </li>`}function Uo({attempts:e}){let o=e?.at(-1)??0,r=e??[0],i=a=>a?t("webhook.schedule.after",{time:P(a*1e3)}):t("webhook.schedule.first"),n=r.length>1?t("webhook.schedule.total",{count:r.length,time:P(o*1e3)}):t("webhook.schedule.none");return s`
    <div class="webhook-picture">
      <div class="line" aria-hidden="true" title=${t("webhook.schedule.picture")}>
        ${Lt(o).map(({text:a,at:l})=>s`<span key=${a} class="mark" style=${{left:`${l*100}%`}}>${a}</span>`)}
        ${r.map((a,l)=>s`
          <span key=${l} class="dot" style=${{left:`${Fe(a,o)*100}%`}} title=${t("webhook.schedule.dot",{number:l+1,time:i(a)})} />`)}
      </div>
      <p role="status">${e?n:t("webhook.schedule.unclear")}</p>
    </div>`}var Vo=["from","to","bridge"];function jt({webhook:e,form:o,change:r,error:i,unreadable:n,disabled:a}){let l=(d,p)=>n.includes(d)?t(p):i?.field?.(d),c=d=>p=>r({mask:p?[...o.mask,d]:o.mask.filter(b=>b!==d)}),m=["active","inactive",...e.status==="disabled"?["disabled"]:[]];return s`
    <${B} label=${t("webhook.settings.name")} value=${o.name} onValue=${d=>r({name:d})} error=${l("name")}
      required maxlength="100" disabled=${a} />
    <${je} label=${t("webhook.settings.description")} hint=${t("webhook.settings.descriptionHint")} error=${l("description")} control=${d=>s`
      <textarea class="textarea" value=${o.description} onInput=${p=>r({description:p.currentTarget.value})}
        maxlength="1000" disabled=${a} ...${d} />`} />
    <${jo} webhook=${e} mayWrite=${!a} />
    <div class="row">
      <${q} label=${t("webhook.settings.status")} hint=${t("webhook.settings.statusHint")}
        value=${o.status} onValue=${d=>r({status:d})} error=${l("status")}
        options=${m.map(d=>[d,t(`webhook.settings.statuses.${d}`)])} disabled=${a} />
      <${B} label=${t("webhook.settings.timeout_seconds")} hint=${t("webhook.settings.timeoutHint")}
        value=${o.timeout_seconds} onValue=${d=>r({timeout_seconds:d})}
        error=${l("timeout_seconds","webhook.settings.notANumber")} inputmode="numeric" disabled=${a} />
    </div>
    <div class="row">
      <${B} label=${t("webhook.settings.success_codes")} hint=${t("webhook.settings.codesHint")}
        value=${o.success_codes} onValue=${d=>r({success_codes:d})}
        error=${l("success_codes","webhook.settings.notCodes")} disabled=${a} />
      <${B} label=${t("webhook.settings.max_per_second")} hint=${t("webhook.settings.maxHint")}
        value=${o.max_per_second} onValue=${d=>r({max_per_second:d})}
        error=${l("max_per_second","webhook.settings.notANumber")} inputmode="numeric" disabled=${a} />
    </div>
    <${Vt} waits=${o.retry} onWaits=${d=>r({retry:d})} error=${i} isUnreadable=${n.includes("retry")} disabled=${a} />
    <fieldset class="webhook-fieldset" disabled=${a}>
      <legend>${t("webhook.settings.mask")}</legend>
      <div class="buttons">${Vo.map(d=>s`
        <${pe} key=${d} label=${t(`webhook.settings.masks.${d}`)} checked=${o.mask.includes(d)} onValue=${c(d)} />`)}</div>
      <p class="muted small">${t("webhook.settings.maskHint")}</p>
      ${l("mask")&&s`<p class="error">${l("mask")}</p>`}
    </fieldset>`}var jo=({webhook:e,mayWrite:o})=>s`
  <div class="field">
    <span class="label">${t("webhook.settings.receiver")}</span>
    <div class="webhook-receiver">
      <span class="mono anywhere">${e.method} ${Tt(e.url)??e.url}</span>
      ${o&&s`<${C} kind="small" icon="edit" href=${_(`/webhooks/${e.id}/compose`)}>${t("webhook.compose")}<//>`}
    </div>
    ${o&&s`<div class="hint">${t("webhook.settings.receiverHint")}</div>`}
  </div>`;function zt({webhook:e,reload:o}){let[r,i]=u(e),[n,a]=u(()=>ke(e)),[l,c]=u(null),[m,d]=u(!1),{busy:p,error:b,run:$,clear:v}=F(),{body:y,unreadable:f,isDirty:O}=le(r,n),D=k("webhooks:write"),I=U=>{i(U),a(ke(U)),c(null),d(!1),v()};Q(()=>{!O&&e.version>r.version&&I(e)},[e.version,O]);let L=U=>a(ge=>({...ge,...U})),z=(U,ge)=>$(async()=>{try{let ce=await w("changeWebhook",{params:{id:r.id},body:U,version:ge});I(ce),A(t("webhook.settings.saved")),o()}catch(ce){if(ce.kind!=="precondition")throw ce;c(await w("readWebhook",{params:{id:r.id}}))}}),M=U=>{U.preventDefault(),d(f.length>0),f.length||z(y,r.version)},oo=({field:U})=>ae.includes(U.split(/[.[]/)[0]),so=m&&f.length>0||b?.fields?.length>0&&b.fields.every(oo);return l?s`
      <${Ut} base=${r} form=${n} saved=${l} busy=${p} error=${b} onSave=${z} onUseSaved=${()=>I(l)} onBack=${()=>c(null)} />
      <${te} when=${!0} />`:s`
    <${g} title=${t("webhook.settings.title")}>
      <form class="form" onSubmit=${M} novalidate>
        ${!D&&s`<${x}>${t("webhook.settings.readOnly")}<//>`}
        <${jt} webhook=${r} form=${n} change=${L} error=${b}
          unreadable=${m?f:[]} disabled=${!D} />
        ${so?s`<${x} kind="failed">${t("webhook.settings.wrongField")}<//>`:s`<${T} error=${b} />`}
        ${b&&s`<p class="muted small">${t("webhook.settings.failed")}</p>`}
        ${D&&s`
          <div class=${`buttons webhook-save ${O?"sticky":""}`}>
            <${h} kind="primary" type="submit" busy=${p} disabled=${!O}>${t("webhook.settings.save")}<//>
            <${h} disabled=${!O||p} onClick=${()=>I(e)}>${t("webhook.settings.discard")}<//>
            <span class="muted" role="status">${O?t("webhook.settings.unsaved"):""}</span>
          </div>`}
      </form>
    <//>
    <${te} when=${O} />`}var Gt=["all","number","flow","source"];function Kt(e){let o=e.indexOf(":");return o<0?{kind:e,value:""}:{kind:e.slice(0,o),value:e.slice(o+1)}}var Qt=(e,o)=>e==="all"?"all":`${e}:${o.replace(/\s+/g,"")}`;var Jt="voice:message:out";function Yt({webhook:e,onAdded:o,onExisting:r,onCancel:i}){let n=re(),[a,l]=u(Jt),[c,m]=u("all"),[d,p]=u(""),[b,$]=u(!1),{busy:v,error:y,run:f}=F(),O=y?.problem?.existing_id,D=c!=="all"&&!d.trim(),I=()=>f(async()=>{try{await w("createSubscription",{body:{webhook_id:e.id,event:a.trim()||null,identity:Qt(c,d)}})}catch(M){throw r(M.problem?.existing_id??null),M}o()}),L=M=>{M.preventDefault(),$(D),D||I()},z=M=>{m(M),p(M==="source"?"OBD":""),$(!1)};return s`
    <${g} title=${t("webhook.subscriptions.add")}>
      <form class="form" ref=${n} onSubmit=${L}>
        <${B} label=${t("webhook.subscriptions.event")} hint=${t("webhook.subscriptions.eventHint")}
          value=${a} onValue=${l} error=${y?.field?.("event")} mono spellcheck=${!1} />
        <div class="row">
          <${q} label=${t("webhook.subscriptions.kind")} value=${c} onValue=${z}
            options=${Gt.map(M=>[M,t(`webhook.subscriptions.kinds.${M}`)])} />
          ${c!=="all"&&s`
            <${B} key=${c} label=${t(`webhook.subscriptions.values.${c}`)} hint=${t(`webhook.subscriptions.hints.${c}`)} mono
              value=${d} onValue=${p}
              error=${b&&D?t("webhook.subscriptions.valueMissing"):y?.field?.("identity")} inputmode=${c==="number"?"tel":void 0} />`}
        </div>
        ${O?s`<${x} kind="failed">${t("webhook.subscriptions.exists")}<//>`:s`<${T} error=${y} />`}
        <p class="muted small">${t("webhook.subscriptions.delay")}</p>
        <div class="buttons">
          <${h} kind="primary" type="submit" busy=${v}>${t("webhook.subscriptions.add")}<//>
          <${h} onClick=${i}>${t("common.cancel")}<//>
        </div>
        <${te} when=${a!==Jt||c!=="all"} />
      </form>
    <//>`}async function Xt(e,o,r){let i=[],n=o;for(let a=0;a<10;a+=1){let l=await r(n);if(i.push(...l.data.filter(c=>c.webhook_id===e)),n=l.next_cursor,i.length||n===null)break}return{data:i,next_cursor:n}}function Zt({webhook:e}){let{id:o,name:r}=e,[i,n]=u(!1),[a,l]=u(null),[c,m]=u(null),d=(D,I)=>w("listSubscriptions",{query:{limit:100,cursor:D},signal:I}),p=he((D,I)=>Xt(o,D,L=>d(L,I)),[o]),b=k("webhooks:write"),$=b&&!ye(),v=$&&s`<${h} kind="small" icon="plus" onClick=${()=>n(!0)}>${t("webhook.subscriptions.add")}<//>`,y=()=>{A(t("webhook.subscriptions.added")),n(!1),m(null),p.reload()},f=async()=>{await w("deleteSubscription",{params:{id:a.id}}),A(t("webhook.subscriptions.deleted")),l(null),p.reload()},O=s`<${W} title=${t("webhook.subscriptions.none")} text=${t("webhook.subscriptions.noneText")} action=${!i&&v}
    curl=${$&&J("createSubscription",{body:{webhook_id:o,identity:"all"}})} />`;return s`
    <div class="stack">
      <${x}>${t("webhook.subscriptions.explain")}<//>
      ${b&&ye()&&s`<p class="muted">${t("webhook.subscriptions.oneWebhook")}</p>`}
      ${i&&s`<${Yt} webhook=${e} onAdded=${y} onExisting=${m} onCancel=${()=>n(!1)} />`}
      <${g} title=${t("webhook.subscriptions.title")} actions=${!i&&v} flush>
        <${se} label=${t("webhook.subscriptions.title")} columns=${zo(c,b&&l)} pages=${p} empty=${O} />
      <//>
      ${a&&s`<${R} title=${t("webhook.subscriptions.deleteTitle")} action=${t("webhook.subscriptions.delete")} onConfirm=${f} onClose=${()=>l(null)}>
        <p class="anywhere">${t("webhook.subscriptions.deleteText",{event:a.event,identity:a.identity,name:r})}</p><//>`}
    </div>`}var zo=(e,o)=>[{name:"event",title:t("webhook.subscriptions.event"),cell:r=>s`<span class=${`mono ${r.id===e?"webhook-marked":""}`}>${r.event}</span>`},{name:"identity",title:t("webhook.subscriptions.identity"),cell:r=>s`<${Go} identity=${r.identity} />`},{name:"created",title:t("webhook.subscriptions.created"),cell:r=>s`<${S} at=${r.created_at} />`},...o?[{name:"delete",title:t("webhook.rowActions"),right:!0,cell:r=>s`<${h} kind="small danger" onClick=${()=>o(r)}>${t("webhook.subscriptions.delete")}<//>`}]:[]];function Go({identity:e}){let{kind:o,value:r}=Kt(e),i=t(`webhook.subscriptions.of.${o}`);if(o==="all")return i;let n=o==="number"?s`<${Ye} value=${r} />`:s`<span class="mono">${r}</span>`;return s`<span class="webhook-identity">${i} ${n}</span>`}var eo={health:Ce,settings:zt,secrets:Ft,request:xt,subscriptions:Zt,replays:vt},Ko=()=>Object.keys(eo).filter(e=>e!=="replays"||k("deliveries:read")).map(e=>[e,t(`webhook.tabs.${e}`)]);function Qo({id:e}){let{tab:o}=Y(),r=k("webhooks:read"),i=$=>r?w("readWebhook",{params:{id:e},signal:$}):null,{data:n,error:a,reload:l}=E(i,[e,r],{every:15e3}),c=[_("/webhooks"),t("webhook.back")];if(!r)return s`<${ee} title=${t("webhook.title")}>
      <${x} kind="warning" action=${s`<${to} id=${e} />`}>${t("common.needsScope",{scope:"webhooks:read"})}<//><//>`;if(a?.kind==="not-found")return s`<${Jo} id=${e} back=${c} />`;let m=Ko(),d=m.some(([$])=>$===o)?eo[o]:Ce,p=n&&s`<${V} value=${n.status} /><${Z} value=${e} what=${t("webhook.id")} />`,b=n&&s`<${at} webhook=${n} reload=${l} />`;return s`
    <${ee} title=${n?.name??t("webhook.title")} back=${c} beside=${p} actions=${b}>
      <${Ze} tabs=${m} label=${t("webhook.tabsLabel")} />
      ${a&&s`<${T} error=${a} retry=${l} />`}
      ${n?s`<${d} webhook=${n} reload=${l} />`:!a&&s`<div class="panel"><div class="body"><${X} lines=${8} /></div></div>`}
    <//>`}var Jo=({id:e,back:o})=>s`
  <${ee} title=${t("webhook.title")} back=${o}>
    <div class="panel">
      <${W} title=${t("webhook.missing")} text=${t("webhook.missingText")} action=${s`
        <div class="buttons">
          <${C} kind="primary" href=${_("/webhooks")}>${t("webhook.toList")}<//>
          <${to} id=${e} />
        </div>`} />
    </div>
  <//>`,to=({id:e})=>k("deliveries:read")&&s`<${C} href=${_("/deliveries",{webhook_id:e})}>${t("webhook.toDeliveries")}<//>`;Xe(ot);Pe(tt);export{ao as Replay,Qo as Webhook};
