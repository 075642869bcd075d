// An engine that shares no code with ours: logs on, sends a TestRequest and an order, reads the report, logs out.
// client.js PORT. Ends with 0 and a last line "done" when all of it was answered as FIX says.
require('reflect-metadata')
const path = require('path')
const { AsciiSession, JsFixWinstonLogFactory, MsgType, SessionLauncher, WinstonLogger } = require('jspurefix')

const dictionary = path.join(path.dirname(require.resolve('jspurefix/package.json')), 'data', 'FIX44.xml')
const description = {
  application: {
    type: 'initiator', name: 'client', reconnectSeconds: 1, protocol: 'ascii', dictionary,
    tcp: { host: '127.0.0.1', port: Number(process.argv[2]) }
  },
  Username: 'joe', Password: 'secret', EncryptMethod: 0, ResetSeqNumFlag: true, HeartBtInt: 30,
  SenderCompId: 'ACME', TargetCompID: 'VENUE', TargetSubID: '', BeginString: 'FIX.4.4'
}

const seen = []
class Client extends AsciiSession {
  onReady () {
    this.send(MsgType.TestRequest, { TestReqID: 'are you there' })
    this.send(MsgType.NewOrderSingle, {
      ClOrdID: 'JS-1', HandlInst: '1', Instrument: { Symbol: 'AAPL' }, Side: '1', TransactTime: new Date(),
      OrderQtyData: { OrderQty: 100 }, OrdType: '2', Price: 187.25, TimeInForce: '0'
    })
  }
  onApplicationMsg (type, view) {
    const report = view.toObject()
    seen.push(`${type} ${report.ClOrdID} ${report.LeavesQty}`)
    this.done()
  }
  onDecoded (type, text) {
    if (type === MsgType.Heartbeat && text.includes('112=are you there')) seen.push('heartbeat')
    if (type === MsgType.Reject) seen.push(text)
    if (type === MsgType.Logout) seen.push('logout')
  }
  onEncoded () {}
  onStopped () {}
  onLogon () { return true }
}

class Launcher extends SessionLauncher {
  constructor () { super(description, null, new JsFixWinstonLogFactory(WinstonLogger.consoleOptions('error'))) }
  makeFactory (config) { return { makeSession: () => new Client(config) } }
}

new Launcher().run().then(() => {
  const right = seen.join(', ') === 'heartbeat, 8 JS-1 100, logout'
  console.log(right ? 'done' : `unexpected: ${seen.join(', ')}`)
  process.exit(right ? 0 : 1)
}, error => {
  console.log(error)
  process.exit(1)
})
