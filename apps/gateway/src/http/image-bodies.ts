import { IMAGE_BODY_MAX_BYTES } from '@dspy-nest/contracts';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';

const TAKES_IMAGES = 'takesImages';

/** A route whose bodies may be larger than others by the images in them. */
export const TakesImages = (): MethodDecorator => RouteConfig({ [TAKES_IMAGES]: true });

/** Raises the limit of a route that is marked so; for the hook that sees every route before it is made. */
export function letImagesIn(route: RouteOptions): void {
  const config = (route.config ?? {}) as Record<string, unknown>;
  if (config[TAKES_IMAGES] === true) route.bodyLimit = IMAGE_BODY_MAX_BYTES;
}
