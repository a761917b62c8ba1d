import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { client } from "~/app/client";
import { type ConsoleRouter, makeRouter } from "~/app/router";
import { theme } from "~/app/theme";

const its = makeRouter();

export function App({ router = its }: { readonly router?: ConsoleRouter }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
