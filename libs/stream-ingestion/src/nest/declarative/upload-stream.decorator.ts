import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { multipartParts, readRawUpload, type MultipartOptions } from '../../http/index.js';
import { markRoute } from '../http/body-gate/route-marks.js';
import { nativeRequestOf } from '../http/native-request.js';

const requestOf = (context: ExecutionContext) => nativeRequestOf(context.switchToHttp().getRequest<object>());

const rawUpload = createParamDecorator((_data: undefined, context: ExecutionContext) =>
  readRawUpload(requestOf(context)),
);

const uploadParts = createParamDecorator((options: MultipartOptions | undefined, context: ExecutionContext) =>
  multipartParts(requestOf(context), options),
);

/**
 * Hands the handler the upload as a `RawUpload`, whose `source` it reads itself, at its own pace: the body waits in the
 * client meanwhile, however long it is. The route's body stays untouched by parsers.
 *
 *     @Post('lines')
 *     async count(@UploadStream() upload: RawUpload) {
 *       for await (const chunk of upload.source) …
 *     }
 */
export function UploadStream(): ParameterDecorator {
  return untouched(rawUpload());
}

/**
 * Hands the handler the parts of a form as an `AsyncGenerator<MultipartPart>`, to be read one after the other. The
 * route's body stays untouched by parsers.
 */
export function UploadParts(options?: MultipartOptions): ParameterDecorator {
  return untouched(uploadParts(options));
}

function untouched(decorator: ParameterDecorator): ParameterDecorator {
  return (target, name, index) => {
    decorator(target, name, index);
    const handler: unknown = name === undefined ? undefined : Reflect.get(target, name);
    if (typeof handler === 'function') markRoute(handler, { untouchedBody: true });
  };
}
