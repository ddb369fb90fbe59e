/** The parts of React and Swagger UI that the plugin uses, in the browser. */
interface SwaggerSystem {
  readonly React: {
    readonly Fragment: unknown;
    readonly createElement: (type: unknown, props: object | null, ...children: unknown[]) => unknown;
  };
  readonly specSelectors: {
    readonly specJson: () => {
      readonly getIn: (path: readonly string[]) => { readonly toJS: () => unknown } | undefined;
    };
  };
}
interface Place {
  readonly path: string;
  readonly method: string;
}

/**
 * Shows the `x-codeSamples` of an operation above its answers, which Swagger UI itself does not. It is sent to the browser as the
 * text of this function, so it uses nothing from around it.
 */
export function codeSamplesPlugin(): object {
  return {
    wrapComponents: {
      responses: (Responses: unknown, system: SwaggerSystem) => (props: Place) => {
        const { createElement, Fragment } = system.React;
        const found = system.specSelectors.specJson().getIn(['paths', props.path, props.method, 'x-codeSamples']);
        const samples = (found?.toJS() ?? []) as { label: string; source: string }[];
        const shown = samples.map(({ label, source }) =>
          createElement(
            'details',
            { key: label, className: 'opblock-description' },
            createElement('summary', null, label),
            createElement('pre', { className: 'example microlight' }, source),
          ),
        );
        return createElement(Fragment, null, ...shown, createElement(Responses, props));
      },
    },
  };
}
