import { Controller, UseFilters, UseGuards, UseInterceptors, type Type } from '@nestjs/common';

import { ProblemFilter } from '../errors/problem.filter.js';
import type { MountOptions } from './mount-options.js';

/** With this @nestjs/swagger leaves a controller out; the application adds the description that we give. */
const SWAGGER_EXCLUDE = 'swagger/apiExcludeController';

/** A class of its own for every place where a ready-made controller is mounted. */
export function mountController(
  base: Type,
  path: string,
  { guards = [], interceptors = [] }: Pick<MountOptions, 'guards' | 'interceptors'>,
): Type {
  @Controller(path)
  @UseFilters(ProblemFilter)
  @UseGuards(...guards)
  @UseInterceptors(...interceptors)
  class MountedController extends base {}

  Object.defineProperty(MountedController, 'name', { value: base.name });
  Reflect.defineMetadata(SWAGGER_EXCLUDE, [true], MountedController);
  return MountedController;
}
