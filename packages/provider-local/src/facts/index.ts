export { type DiskCapacityOptions, diskCapacity } from './disk-capacity.js'
