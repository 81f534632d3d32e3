/**
 * Holds back the acknowledgement of a QoS 1 message (PUBACK) until it is safe, without holding up what comes after it.
 *
 * The library's `handleMessage` holds PUBACK until its callback, and with it the parser: answers to its own pings are then
 * not read, and a store that is away for longer than the keep-alive costs the connection (MQTT.js issue 1935); nor could
 * several messages share one write. Called back with an error it goes on without PUBACK, which is then sent from here.
 */
import type { IPublishPacket, MqttClient } from 'mqtt'

/** Sends the PUBACK, unless the connection is another by now: message ids begin anew there, and the message comes again. */
export type Release = () => void

export function deferPubacks(
  client: MqttClient,
  receive: (topic: string, payload: Buffer, release: Release) => void,
): void {
  client.handleMessage = (packet, done) => {
    if (packet.qos !== 1) {
      done()
      return
    }
    const { stream } = client
    done(new Error('acknowledged later'))
    receive(packet.topic, payloadOf(packet), () => {
      if (client.stream !== stream || !client.connected) return
      client['_sendPacket']({ cmd: 'puback', messageId: packet.messageId })
    })
  }
}

const payloadOf = ({ payload }: IPublishPacket): Buffer =>
  typeof payload === 'string' ? Buffer.from(payload) : payload
