import { useEffect, useMemo, useRef } from "react";
import { timed } from "~/app/range";
import { usePageData } from "~/page/data";
import { PageHead } from "~/page/PageHead";
import { PageProblem } from "~/page/PageProblem";
import { PageSkeleton } from "~/page/PageSkeleton";
import { Sections } from "~/page/Sections";
import { useLive } from "~/page/useLive";
import { queryOf } from "~/page/where";
import { usePage } from "~/shared/page";

/** Moves the focus to the head of a page that was gone to, and gives it its title. */
function useArrival(path: string, title: string | undefined) {
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (title === undefined) return;
    document.title = `${title} · Opsweave`;
    if (before.current !== undefined && before.current !== path) {
      document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    }
    before.current = path;
  }, [path, title]);
}

/** Any page: what is on it, the server says. */
export function PageView() {
  const { path, query } = usePage();
  const text = JSON.stringify(queryOf(query));
  const asked = useMemo(() => JSON.parse(text) as Readonly<Record<string, string>>, [text]);
  const { data, error, refetch } = usePageData(path, asked);
  useLive(path, asked, data);
  useArrival(path, data?.title);
  useEffect(() => timed.set(data?.timed ?? true), [data?.timed]);
  if (!data) {
    return error ? <PageProblem error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
  }
  return (
    <>
      <PageHead page={data} />
      <Sections sections={data.sections} page={data.title} />
    </>
  );
}
