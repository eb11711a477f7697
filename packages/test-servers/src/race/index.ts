export { type RcloneRaceOptions, raceRclone } from './rclone.js'
