import{F as E,G as q,K as F,L as A,M as B,g as C,t as s,v as m}from"./chunk-JDEVLQNA.js";import{c as R,d as k}from"./chunk-LRF4DBS5.js";import{d as g,e as f,f as h,h as w,i as v,j as T,k as P}from"./chunk-JGVKQESF.js";var I=()=>{let[t,e=""]=location.hash.slice(1).split("?",2);return{path:t.startsWith("/")?t:"/",query:Object.fromEntries(new URLSearchParams(e))}},x=T(typeof location>"u"?{path:"/",query:{}}:I()),b=null;function Q(t){return b=t,()=>{b===t&&(b=null)}}function W(){let t=location.hash;x.subscribe(()=>{t=location.hash});let e=()=>{if(location.hash===t)return;let{path:r,query:n}=I();b?.(r,n,location.hash)?history.pushState(null,"",t||"#/"):x.set({path:r,query:n})};window.addEventListener("hashchange",e),window.addEventListener("popstate",e)}function j(t,e={}){let r=Object.entries(e).filter(([,o])=>o!=null&&o!==""),n=new URLSearchParams(r.map(([o,a])=>[o,String(a)])).toString();return`#${t}${n?`?${n}`:""}`}function U(t,e={},{replace:r=!1}={}){let n=j(t,e);n===location.hash||b?.(t,e,n)||(history[r?"replaceState":"pushState"](null,"",n),x.set(I()))}function z(t,{replace:e=!0}={}){let{path:r,query:n}=x.get();U(r,{...n,...t},{replace:e})}var G=()=>P(x).query;function H(t,e){let[r,n]=[t.split("/"),e.split("/")];if(r.length!==n.length)return null;let o={};for(let[a,l]of r.entries())if(l.startsWith(":")){try{o[l.slice(1)]=decodeURIComponent(n[a])}catch{return null}if(!n[a])return null}else if(l!==n[a])return null;return o}var Y=({title:t,text:e,action:r,curl:n})=>s`
  <div class="empty">
    <h2>${t}</h2>
    ${e&&s`<p>${e}</p>`}
    ${r}
    ${n&&s`<${B} text=${n} name=${m("common.withCurl")} wrap />`}
  </div>`;function rt({title:t,actions:e,back:r,children:n,beside:o}){return f(()=>{document.title=`${t} · ${m("name")}`},[t]),s`
    <main class="page" id="content" tabindex="-1">
      ${r&&s`<a class="back" href=${r[0]}>← ${r[1]}</a>`}
      <header><h1 title=${t}>${t}</h1>${o}<div class="actions">${e}</div></header>
      ${n}
    </main>`}var nt=({title:t,actions:e,children:r,flush:n})=>s`
  <section class="panel">
    ${t&&s`<header><h2>${t}</h2><div class="actions">${e}</div></header>`}
    ${n?r:s`<div class="body">${r}</div>`}
  </section>`,ot=({of:t})=>s`
  <dl class="facts">${t.filter(([,e])=>e!=null).map(([e,r])=>s`<dt>${e}</dt><dd>${r}</dd>`)}</dl>`;function D({label:t,hint:e,error:r,control:n}){let o=v(),a=[e&&`${o}-hint`,r&&`${o}-error`].filter(Boolean).join(" ")||void 0;return s`
    <div class="field">
      <label class="label" for=${o}>${t}</label>
      ${n({id:o,"aria-describedby":a,"aria-invalid":r?"true":void 0})}
      ${e&&s`<div class="hint" id=${`${o}-hint`}>${e}</div>`}
      ${r&&s`<div class="error" id=${`${o}-error`}>${r}</div>`}
    </div>`}var lt=({label:t,hint:e,error:r,value:n,onValue:o,mono:a,...l})=>s`
  <${D} label=${t} hint=${e} error=${r} control=${i=>s`
    <input class=${`input ${a?"mono":""}`} value=${n??""} onInput=${c=>o(c.currentTarget.value)} ...${l} ...${i} />`} />`,it=({label:t,hint:e,error:r,value:n,onValue:o,options:a,...l})=>s`
  <${D} label=${t} hint=${e} error=${r} control=${i=>s`
    <select class="select" value=${n??""} onChange=${c=>o(c.currentTarget.value)} ...${l} ...${i}>
      ${a.map(([c,u])=>s`<option value=${c}>${u}</option>`)}
    </select>`} />`,ct=({label:t,checked:e,onValue:r,...n})=>s`
  <label class="check"><input type="checkbox" checked=${e} onChange=${o=>r(o.currentTarget.checked)} ...${n} /><span>${t}</span></label>`;function _(t,e,{every:r}={}){let[n,o]=g({data:void 0,error:null,loading:!0}),a=h(null),l=w(async u=>{a.current?.abort();let p=new AbortController;a.current=p,o(d=>({data:u?d.data:void 0,error:u?d.error:null,loading:!0}));try{let d=await t(p.signal);p.signal.aborted||o({data:d,error:null,loading:!1})}catch(d){p.signal.aborted||o(y=>({data:y.data,error:d,loading:!1}))}},e);f(()=>(l(!1),()=>a.current?.abort()),[l]),f(()=>{if(!r)return;let u=setInterval(()=>document.visibilityState==="visible"&&l(!0),r);return()=>clearInterval(u)},[l,r]);let i=w(()=>l(!0),[l]),c=w(u=>o({data:u,error:null,loading:!1}),[]);return{...n,reload:i,setData:c}}function ft(t,e,{every:r}={}){let[n,o]=g({rows:[],last:null,loading:!1,error:null}),a=_(d=>t(void 0,d),e,{every:n.rows.length?void 0:r}),l=h(0),i=()=>{l.current+=1,o({rows:[],last:null,loading:!1,error:null})};f(i,e);let c=n.last??a.data??null,u=async()=>{let d=l.current,y=$=>l.current===d&&o($);o($=>({...$,loading:!0,error:null}));try{let $=await t(c.next_cursor);y(S=>({rows:[...S.rows,...$.data],last:$,loading:!1,error:null}))}catch($){y(S=>({...S,loading:!1,error:$}))}},p=()=>{i(),a.reload()};return{rows:a.data&&[...a.data.data,...n.rows],error:n.error??a.error,loading:a.loading||n.loading,hasMore:!!c?.next_cursor,more:u,reload:p,last:c}}function L(){let[t,e]=g({busy:!1,error:null}),r=h(!1);return{...t,run:async a=>{if(!r.current){r.current=!0,e({busy:!0,error:null});try{let l=await a();return e({busy:!1,error:null}),l}catch(l){e({busy:!1,error:l});return}finally{r.current=!1}}},clear:()=>e({busy:!1,error:null})}}function N(t){let[e,r]=g(Date.now());return f(()=>{let n=setInterval(()=>r(Date.now()),t);return()=>clearInterval(n)},[t]),e}var bt=({at:t,relative:e})=>{let r=N(3e4);if(!t)return s`<span class="muted">–</span>`;let n=`${t} · ${C()} · ${k(t,r)}`;return s`<time datetime=${t} title=${n}>${e?k(t,r):R(t,C(),r)}</time>`};var vt=({value:t,what:e="id",href:r,whole:n})=>{let o=n?t:String(t).slice(0,8),a=r?s`<a href=${r} class="mono" title=${t}>${o}</a>`:s`<span class="mono" title=${t}>${o}</span>`;return s`<span class="with-copy">${a}<${A} text=${t} what=${e} /></span>`};function M({title:t,onClose:e,children:r,footer:n}){let o=h(null),a=v();return f(()=>{let i=document.activeElement;return o.current.showModal(),()=>i?.focus?.()},[]),s`
    <dialog class="dialog" ref=${o} aria-labelledby=${a} onCancel=${i=>{i.preventDefault(),e()}}>
      <header><h2 id=${a}>${t}</h2><${q} icon="close" label=${m("common.close")} onClick=${e} /></header>
      <div class="body">${r}</div>
      ${n&&s`<footer>${n}</footer>`}
    </dialog>`}function Pt({title:t,action:e,onConfirm:r,onClose:n,kind:o="danger primary",cancel:a=m("common.cancel"),children:l}){let{busy:i,error:c,run:u}=L(),d=s`
    <${E} autofocus onClick=${n}>${a}<//>
    <${E} kind=${o} busy=${i} onClick=${()=>u(r)}>${e}<//>`;return s`<${M} title=${t} onClose=${n} footer=${d}>${l}<${F} error=${c} /><//>`}export{x as a,Q as b,W as c,j as d,U as e,z as f,G as g,H as h,Y as i,rt as j,nt as k,ot as l,D as m,lt as n,it as o,ct as p,_ as q,ft as r,L as s,N as t,bt as u,vt as v,M as w,Pt as x};
