// The doors between rooms, as docs/architecture.md describes them. Test files may open more doors than what ships.
const TESTS = '\\.test\\.ts$|(^|/)testing/'
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    forbid('core-has-no-platform', 'core is plain TypeScript: no Node, no DOM, no other room', { path: '^core/', pathNot: TESTS }, { path: '^(drivers|electron|renderer|sandbox|tools|tests)/' }),
    forbid('core-has-no-builtins', 'core imports no Node built-in', { path: '^core/', pathNot: TESTS }, { dependencyTypes: ['core'] }),
    forbid('core-has-no-frameworks', 'core knows neither the shell nor the page', { path: '^core/' }, { path: 'node_modules/(electron|vue|pinia|serialport|node-hid|tesseract\\.js|ws|fastify)/' }),
    forbid('drivers-know-core-only', 'drivers may import core', { path: '^drivers/', pathNot: TESTS }, { path: '^(electron|renderer|sandbox|tools|tests)/' }),
    forbid('drivers-have-no-shell', 'drivers do not know Electron', { path: '^drivers/' }, { path: 'node_modules/electron/' }),
    forbid('native-bindings-in-drivers-only', 'serialport, node-hid, usb and koffi load only in the device host', { path: '.*', pathNot: `^drivers/transport/|^sandbox/devices/|^tests/|${TESTS}` }, { path: 'node_modules/(serialport|@serialport|node-hid|usb|@node-usb|koffi)/' }),
    forbid('services-are-host-neutral', 'services run under Electron and under the page host alike', { path: '^electron/(services|document-worker)/' }, { path: '^electron/(shell|page-host)/|node_modules/electron/' }),
    forbid('services-reach-devices-through-the-client', 'the kiosk process speaks to devices through the typed client only', { path: '^electron/', pathNot: TESTS }, { path: '^drivers/(transport|id-card|code-scanner|social-card|receipt-printer|page-printer|document-scanner)/' }),
    forbid('electron-knows-no-page', 'nothing imports the page; the hosts serve its build', { path: '^(electron|drivers|sandbox)/', pathNot: TESTS }, { path: '^renderer/' }),
    forbid('page-knows-core-only', 'the page knows core and nothing else', { path: '^renderer/', pathNot: TESTS }, { path: '^(drivers|electron|sandbox|tools|tests)/' }),
    forbid('page-has-no-node', 'no Node in the page', { path: '^renderer/', pathNot: `${TESTS}|^renderer/preview/` }, { dependencyTypes: ['core'] }),
    forbid('sandbox-ships-nowhere', 'nothing that ships imports the sandbox', { path: '^(core|drivers|electron|renderer)/', pathNot: TESTS }, { path: '^sandbox/' }),
    forbid('sandbox-knows-core-only', 'a simulator that shares code with the driver proves nothing', { path: '^sandbox/', pathNot: TESTS }, { path: '^(drivers|electron|renderer|tools|tests)/' }),
    forbid('assets-are-data', 'assets hold no code', { path: '^assets/' }, { path: '.*' }),
    forbid('no-development-packages-in-what-ships', 'what ships uses packages of "dependencies" only', { path: '^(core|drivers|electron|renderer)/', pathNot: `${TESTS}|^renderer/preview/|\\.d\\.ts$` }, { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/(electron|@types)/' }),
    forbid('no-cycles', 'two files that import each other are one idea in two places', { path: '^(core|drivers|electron|renderer|sandbox)/' }, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.vue', '.js', '.mjs', '.cjs', '.json', '.d.ts'] },
  },
}
