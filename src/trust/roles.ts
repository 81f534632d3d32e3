/** The keys that a holder may have, by what they are shown to. */
import type { ServiceName } from '#contract/access.ts'

/** To the broker, by whoever has one name there; of the broker itself, to everybody. */
export const MQTT_ROLE = 'mqtt'
/** To devices, and of devices. */
export const OPCUA_ROLE = 'opcua'
/** To whoever opens the pages or asks the API. */
export const WEB_ROLE = 'web'

export type Role = typeof MQTT_ROLE | typeof OPCUA_ROLE | typeof WEB_ROLE | ServiceName
