import { UseInterceptors } from '@nestjs/common';

import { DeliverInterceptor } from './deliver.interceptor.js';

/** Lets the handlers of a controller, or one handler, return a `Delivery`. */
export function Deliver(): MethodDecorator & ClassDecorator {
  return UseInterceptors(DeliverInterceptor);
}
