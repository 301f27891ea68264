import{B as x,G as I,H as q,O as D,P as F,S as L,g as P,k,z as a}from"./chunk-3Z2XWQ2C.js";import{c as B,d as E}from"./chunk-UNU4IGQQ.js";import{d as h,e as u,f as g,h as b,j as y,k as A,l as R}from"./chunk-4U7JGEWF.js";var S=()=>{let[e,t=""]=location.hash.slice(1).split("?",2);return{path:e.startsWith("/")?e:"/",query:Object.fromEntries(new URLSearchParams(t))}},w=A(typeof location>"u"?{path:"/",query:{}}:S()),T=new Set,v=!1;function V(e){return e?(T.add(e),()=>T.delete(e)):(v=!0,()=>{})}function _(e,t,r){return v?(v=!1,!1):[...T].some(n=>n(e,t,r))}var j="!",M=null;function X(e){return M=e,N(j)}function Z(e=()=>!1){let t=location.hash;w.subscribe(()=>{t=location.hash});let r=()=>{if(location.hash===t||e())return;let{path:n,query:o}=S();_(n,o,location.hash)?history.pushState(null,"",t||"#/"):w.set({path:n,query:o})};window.addEventListener("hashchange",r),window.addEventListener("popstate",r)}function G(e,t={}){let r=Object.entries(t).filter(([,o])=>o!=null&&o!==""),n=new URLSearchParams(r.map(([o,s])=>[o,String(s)])).toString();return`#${e}${n?`?${n}`:""}`}function ee(e=location.hash||"#/"){e!==location.hash&&history.replaceState(null,"",e),w.set(S())}function N(e,t={},{replace:r=!1,agreed:n=!1}={}){let o=G(e,t);if(n&&(v=!0),!_(e,t,o)){if(e===j)return M();o!==location.hash&&(history[r?"replaceState":"pushState"](null,"",o),w.set(S()))}}function te(e,{replace:t=!0}={}){let{path:r,query:n}=w.get();N(r,{...n,...e},{replace:t})}var re=()=>R(w).query;function ne(e,t){let[r,n]=[e.split("/"),t.split("/")];if(r.length!==n.length)return null;let o={};for(let[s,l]of r.entries())if(l.startsWith(":")){try{o[l.slice(1)]=decodeURIComponent(n[s])}catch{return null}if(!n[s])return null}else if(l!==n[s])return null;return o}var ce=({title:e,text:t,action:r,curl:n})=>a`
  <div class="empty">
    ${e&&a`<h2>${e}</h2>`}
    ${t&&a`<p>${t}</p>`}
    ${r}
    ${n&&a`<${F} text=${n} name=${x("common.withCurl")} wrap />`}
  </div>`;function fe({title:e,actions:t,back:r,children:n,beside:o}){return u(()=>{document.title=`${e} · ${x("name")}`},[e]),a`
    <main class="page" id="content" tabindex="-1">
      ${r&&a`<a class="back" href=${r[0]}>← ${r[1]}</a>`}
      <header><h1 title=${e}>${e}</h1>${o}<div class="actions">${t}</div></header>
      ${n}
    </main>`}var $e=({title:e,actions:t,children:r,flush:n})=>a`
  <section class="panel">
    ${e&&a`<header><h2>${e}</h2><div class="actions">${t}</div></header>`}
    ${n?r:a`<div class="body">${r}</div>`}
  </section>`,pe=({of:e})=>a`
  <dl class="facts">${e.filter(([,t])=>t!=null).map(([t,r])=>a`<dt>${t}</dt><dd>${r}</dd>`)}</dl>`;function H(e,t,{every:r}={}){let[n,o]=h({data:void 0,error:null,loading:!0}),s=g(null),l=g(!1),c=b(async d=>{s.current?.abort();let f=new AbortController;s.current=f,l.current=!1,o($=>({data:d?$.data:void 0,error:d?$.error:null,loading:!0}));try{let $=await e(f.signal);f.signal.aborted||o({data:$,error:null,loading:!1})}catch($){if(f.signal.aborted)return;l.current=$.kind==="key",o(p=>({data:p.data,error:$,loading:!1}))}},t);u(()=>(c(!1),()=>s.current?.abort()),[c]),u(()=>P.subscribe(({key:d})=>{d&&l.current&&c(!0)}),[c]),u(()=>{if(!r)return;let d=setInterval(()=>document.visibilityState==="visible"&&c(!0),r);return()=>clearInterval(d)},[c,r]);let i=b(()=>c(!0),[c]),m=b(d=>o({data:d,error:null,loading:!1}),[]);return{...n,reload:i,setData:m}}function xe(e,t,{every:r}={}){let[n,o]=h({rows:[],last:null,loading:!1,error:null}),s=H(f=>e(void 0,f),t,{every:n.rows.length?void 0:r}),l=g(0),c=()=>{l.current+=1,o({rows:[],last:null,loading:!1,error:null})};u(c,t);let i=n.last??s.data??null,m=async()=>{let f=l.current,$=p=>l.current===f&&o(p);o(p=>({...p,loading:!0,error:null}));try{let p=await e(i.next_cursor);$(C=>({rows:[...C.rows,...p.data],last:p,loading:!1,error:null}))}catch(p){$(C=>({...C,loading:!1,error:p}))}},d=()=>{c(),s.reload()};return{rows:s.data&&[...s.data.data,...n.rows],error:n.error??s.error,loading:s.loading||n.loading,hasMore:!!i?.next_cursor,more:m,reload:d,last:i}}function O(){let[e,t]=h({busy:!1,error:null}),r=g(!1);return{...e,run:async s=>{if(!r.current){r.current=!0,t({busy:!0,error:null});try{let l=await s();return t({busy:!1,error:null}),l}catch(l){t({busy:!1,error:l});return}finally{r.current=!1}}},clear:()=>t({busy:!1,error:null})}}function we(e){let[t,r]=h(Date.now());return u(()=>{let n=setInterval(()=>r(Date.now()),e);return()=>clearInterval(n)},[e]),t}function J({title:e,onClose:t,children:r,footer:n}){let o=g(null),s=y();return u(()=>{let i=document.activeElement;return o.current.showModal(),()=>i?.focus?.()},[]),a`
    <dialog class="dialog" ref=${o} aria-labelledby=${s} onCancel=${i=>{i.preventDefault(),t?.()}} onClose=${()=>!t&&o.current?.isConnected&&o.current.showModal()}>
      <header><h2 id=${s}>${e}</h2>${t&&a`<${q} icon="close" label=${x("common.close")} onClick=${t} />`}</header>
      <div class="body">${r}</div>
      ${n&&a`<footer>${n}</footer>`}
    </dialog>`}function Ie({title:e,action:t,onConfirm:r,onClose:n,kind:o="danger primary",cancel:s=x("common.cancel"),children:l}){let{busy:c,error:i,run:m}=O(),f=a`
    <${I} autofocus onClick=${n}>${s}<//>
    <${I} kind=${o} busy=${c} onClick=${()=>m(r)}>${t}<//>`;return a`<${J} title=${e} onClose=${n} footer=${f}>${l}<${L} error=${i} /><//>`}function U(e){let t=new Set,r=null,n=0,o=()=>{n+=1,[...t].forEach(s=>s(n))};return{follow(s){return t.add(s),r??=setInterval(o,e),()=>{t.delete(s),!t.size&&(clearInterval(r),r=null)}}}}var W=U(3e4),Ae=U(1e3);function z(e){let[,t]=h(0);return u(()=>e?.follow(t),[e]),Date.now()}var Be=({at:e,relative:t})=>{let r=z(W);if(!e)return a`<span class="muted">–</span>`;let n=`${e} · ${k()} · ${E(e,r)}`;return a`<time datetime=${e} title=${n}>${t?E(e,r):B(e,k(),r)}</time>`};var Q=e=>`…${String(e).slice(-8)}`;var Oe=({value:e,what:t="id",href:r,whole:n})=>{let o=n?e:Q(e),s=r?a`<a href=${r} class="mono" title=${e}>${o}</a>`:a`<span class="mono" title=${e}>${o}</span>`;return a`<span class="with-copy">${s}<${D} text=${e} what=${t} /></span>`};function Y({label:e,hint:t,error:r,control:n}){let o=y(),s=[t&&`${o}-hint`,r&&`${o}-error`].filter(Boolean).join(" ")||void 0;return a`
    <div class="field">
      <label class="label" for=${o}>${e}</label>
      ${n({id:o,"aria-describedby":s,"aria-invalid":r?"true":void 0})}
      ${t&&a`<div class="hint" id=${`${o}-hint`}>${t}</div>`}
      ${r&&a`<div class="error" id=${`${o}-error`}>${r}</div>`}
    </div>`}var ze=({label:e,hint:t,error:r,value:n,onValue:o,mono:s,...l})=>a`
  <${Y} label=${e} hint=${t} error=${r} control=${c=>a`
    <input class=${`input ${s?"mono":""}`} value=${n??""} onInput=${i=>o(i.currentTarget.value)} ...${l} ...${c} />`} />`,Qe=({label:e,hint:t,error:r,value:n,onValue:o,options:s,...l})=>a`
  <${Y} label=${e} hint=${t} error=${r} control=${c=>a`
    <select class="select" value=${n??""} onChange=${i=>o(i.currentTarget.value)} ...${l} ...${c}>
      ${s.map(([i,m])=>a`<option value=${i}>${m}</option>`)}
    </select>`} />`,Ye=({label:e,checked:t,onValue:r,...n})=>a`
  <label class="check"><input type="checkbox" checked=${t} onChange=${o=>r(o.currentTarget.checked)} ...${n} /><span>${e}</span></label>`;export{ce as a,fe as b,$e as c,pe as d,w as e,V as f,X as g,Z as h,G as i,ee as j,N as k,te as l,re as m,ne as n,H as o,xe as p,O as q,we as r,J as s,Ie as t,Y as u,ze as v,Qe as w,Ye as x,Ae as y,z,Be as A,Q as B,Oe as C};
