// An engine that shares no code with ours: logs on, sends a TestRequest, buys two of which one is for sale, cancels the
// rest, logs out. client.js PORT. Prints what it was answered, one word a line.
require('reflect-metadata')
const path = require('path')
const { AsciiSession, JsFixWinstonLogFactory, MsgType, SessionLauncher, WinstonLogger } = require('jspurefix')

const dictionary = path.join(path.dirname(require.resolve('jspurefix/package.json')), 'data', 'FIX44.xml')
const description = {
  application: {
    type: 'initiator', name: 'client', reconnectSeconds: 1, protocol: 'ascii', dictionary,
    tcp: { host: '127.0.0.1', port: Number(process.argv[2]) }
  },
  Password: 'secret', EncryptMethod: 0, ResetSeqNumFlag: true, HeartBtInt: 30,
  SenderCompId: 'ACME', TargetCompID: 'VENUE', TargetSubID: '', BeginString: 'FIX.4.4'
}

class Client extends AsciiSession {
  onReady () {
    this.send(MsgType.TestRequest, { TestReqID: 'are you there' })
    this.send(MsgType.NewOrderSingle, {
      ClOrdID: 'JS-1', HandlInst: '1', Instrument: { Symbol: 'BTCUSDT' }, Side: '1', TransactTime: new Date(),
      OrderQtyData: { OrderQty: 2 }, OrdType: '2', Price: 100.25, TimeInForce: '1'
    })
  }
  onApplicationMsg (type, view) {
    const report = view.toObject()
    console.log(`${type} ${report.ClOrdID} ExecType=${report.ExecType} OrdStatus=${report.OrdStatus} ` +
      `CumQty=${report.CumQty} LeavesQty=${report.LeavesQty}`)
    if (report.ExecType === 'F') {
      this.send(MsgType.OrderCancelRequest, {
        OrigClOrdID: 'JS-1', ClOrdID: 'JS-2', Instrument: { Symbol: 'BTCUSDT' }, Side: '1', TransactTime: new Date(),
        OrderQtyData: { OrderQty: 2 }
      })
    }
    if (report.ExecType === '4') this.done()
  }
  onDecoded (type, text) {
    if (type === MsgType.Heartbeat && text.includes('112=are you there')) console.log('Heartbeat')
    if (type === MsgType.Reject) console.log(text)
    if (type === MsgType.Logout) console.log('Logout')
  }
  onEncoded () {}
  onStopped () {}
  onLogon () { return true }
}

class Launcher extends SessionLauncher {
  constructor () { super(description, null, new JsFixWinstonLogFactory(WinstonLogger.consoleOptions('error'))) }
  makeFactory (config) { return { makeSession: () => new Client(config) } }
}

new Launcher().run().then(() => process.exit(0), error => {
  console.log(error)
  process.exit(1)
})
