var i=e=>Object.entries(e??{}).map(([n,t])=>`${n}: ${t}`).join(`
`);export{i as a};
