export { planDelivery } from './plan-delivery.js';
export type {
  DeliveryBody,
  DeliveryObject,
  DeliveryPart,
  DeliveryPlan,
  DeliveryPlanOptions,
  DeliveryRequest,
  DeliveryStatus,
  MultipartBody,
} from './delivery-plan.js';
export { sendDelivery, type Delivery, type SendOptions } from './send-delivery.js';
export { joinFieldLines } from '../fields/field-lines.js';
export { formatHttpDate, parseHttpDate } from '../fields/http-date.js';
