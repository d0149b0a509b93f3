// This view is loaded when its tab is first opened.
export function UploadView() {
  return <h1>Upload</h1>;
}
