"""The catalog of a small shop."""

from __future__ import annotations

CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: cart
  namespace: shop
  annotations: {opsweave.io/environment: demo}
spec:
  type: service
  owner: group:buying
  dependsOn: [resource:orders, component:provider]
  providesApis: [cart-api]
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata:
  name: orders
  namespace: shop
  annotations: {opsweave.io/entity: "database:demo/shop/orders"}
spec: {type: database, owner: group:buying}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: provider
  namespace: shop
  annotations: {opsweave.io/environment: demo, opsweave.io/outside: "true"}
spec: {type: service, owner: group:outside}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: cart-api, namespace: shop, annotations: {opsweave.io/environment: demo}}
spec: {type: openapi, owner: group:buying, definition: "openapi: 3.1.0"}
"""
