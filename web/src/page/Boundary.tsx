import { Component, type ReactNode } from "react";
import { WidgetState } from "~/page/WidgetState";

interface Props {
  readonly children: ReactNode;
  readonly onRetry: () => void;
}

interface State {
  readonly failed: string;
}

/** One widget that cannot be drawn leaves the others standing. */
export class Boundary extends Component<Props, State> {
  override state: State = { failed: "" };

  static getDerivedStateFromError(error: unknown): State {
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  private readonly retry = () => {
    this.setState({ failed: "" });
    this.props.onRetry();
  };

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <WidgetState
        state="error"
        missing={`It cannot be drawn: ${this.state.failed}`}
        remedy="Load the page again; if it stays, tell the maintainers what stands here."
        onRetry={this.retry}
      />
    );
  }
}
