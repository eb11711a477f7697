export { type StorageInsightsOptions, storageInsights } from './storage-insights.js'
