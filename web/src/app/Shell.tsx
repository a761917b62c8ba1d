import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { Asking } from "~/app/Asking";
import { BottomBar } from "~/app/BottomBar";
import { Brand } from "~/app/Brand";
import { signedOut } from "~/app/client";
import { EvidenceDrawer } from "~/app/EvidenceDrawer";
import { Help, helpOpen } from "~/app/Help";
import { useKeys } from "~/app/keys";
import { Nav } from "~/app/Nav";
import { Notices } from "~/app/Notices";
import { Offline } from "~/app/Offline";
import { Palette, paletteOpen } from "~/app/Palette";
import { SignIn } from "~/app/SignIn";
import { ThemeSwitch } from "~/app/ThemeSwitch";
import { TopBar } from "~/app/TopBar";
import { useNav } from "~/app/useNav";
import { Who } from "~/app/Who";
import { usePageContext } from "~/page/usePageContext";
import { PageScope } from "~/shared/page";
import { useStore } from "~/shared/store";
import classes from "./Shell.module.css";

/** What stands around every page: the navigation, the time range and the scope, the palette. */
export function Shell() {
  const page = usePageContext();
  const out = useStore(signedOut);
  return (
    <PageScope.Provider value={page}>{out ? <SignIn expired /> : <Around />}</PageScope.Provider>
  );
}

function Around() {
  const items = useNav();
  const [menu, { open, close }] = useDisclosure(false);
  useKeys(items);
  // A page that is left takes its open boxes with it.
  useEffect(
    () => () => {
      paletteOpen.set(false);
      helpOpen.set(false);
    },
    [],
  );
  return (
    <div className={classes.shell}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <aside className={classes.side}>
        <Brand />
        <Nav items={items} />
        <div className={classes.foot}>
          <Who />
          <ThemeSwitch />
        </div>
      </aside>
      <div className={classes.body}>
        <TopBar />
        <Offline />
        <main id="main" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <BottomBar items={items} onMenu={open} />
      <Drawer opened={menu} onClose={close} title="Opsweave" size={280} position="right">
        <Nav items={items} onChosen={close} />
        <div className={classes.foot}>
          <Who />
          <ThemeSwitch />
        </div>
      </Drawer>
      <Palette />
      <Help items={items} />
      <Asking />
      <EvidenceDrawer />
      <Notices />
    </div>
  );
}
