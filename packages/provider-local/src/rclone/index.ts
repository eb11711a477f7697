export { type RcloneListFormat, type RcloneListOptions, rcloneList } from './rclone-list.js'
