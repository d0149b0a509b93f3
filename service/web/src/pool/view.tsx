// This view is loaded when its tab is first opened.
export function PoolView() {
  return <h1>Pool</h1>;
}
