import{A as n,ca as i,u as o,w as r}from"./chunk-JMGVCNAO.js";import{d as t}from"./chunk-CP3WDGD6.js";function v({label:a,hint:l,error:c,value:s,onValue:p,...m}){let[e,$]=t(!1);return o`
    <${i} label=${a} hint=${l} error=${c} control=${u=>o`
      <div class="secret-field">
        <input class="input mono" type=${e?"text":"password"} value=${s??""} onInput=${d=>p(d.currentTarget.value)}
          autocomplete="new-password" spellcheck=${!1} autocapitalize="off" data-1p-ignore ...${m} ...${u} />
        <${n} icon="eye" label=${r(e?"common.hideSecret":"common.showSecret")} aria-pressed=${e} onClick=${()=>$(!e)} />
      </div>`} />`}export{v as a};
