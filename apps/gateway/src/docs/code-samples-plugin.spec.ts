import { runInNewContext } from 'node:vm';
import { codeSamplesPlugin } from './code-samples-plugin';

interface Element {
  readonly type: unknown;
  readonly props: { readonly className?: string } | null;
  readonly children: readonly unknown[];
}
interface Plugin {
  readonly wrapComponents: {
    readonly responses: (original: unknown, system: object) => (props: { path: string; method: string }) => Element;
  };
}

const React = {
  Fragment: 'fragment',
  createElement: (type: unknown, props: Element['props'], ...children: unknown[]): Element => ({
    type,
    props,
    children,
  }),
};
const SAMPLES = [{ lang: 'Shell', label: 'curl', source: 'curl -s …' }];
const specJson = () => ({
  getIn: (path: string[]) => (path.join() === 'paths,/run,post,x-codeSamples' ? { toJS: () => SAMPLES } : undefined),
});

// As the browser gets it: the text alone.
const plugin = runInNewContext(`(${codeSamplesPlugin.toString()})()`) as Plugin;
const responses = plugin.wrapComponents.responses('Responses', { React, specSelectors: { specJson } });

it('shows the samples of an operation before its answers', () => {
  const { type, children } = responses({ path: '/run', method: 'post' });
  const [sample, original] = children as [Element, Element];
  expect([type, original.type]).toEqual(['fragment', 'Responses']);
  expect(sample).toMatchObject({
    type: 'details',
    children: [
      { type: 'summary', children: ['curl'] },
      { type: 'pre', children: ['curl -s …'] },
    ],
  });
});

it('shows the answers alone where there are none', () => {
  expect(responses({ path: '/livez', method: 'get' }).children).toHaveLength(1);
});
