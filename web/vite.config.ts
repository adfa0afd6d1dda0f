import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

// `cargo xtask web` builds the core into `core/pkg` first, and compresses what comes out for the server.
export default defineConfig({
  base: '/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome111', 'firefox111', 'safari16.4'],
    // The policy of the pages allows no inline data.
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  worker: { format: 'es' },
  plugins: [
    svelte(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: null,
      includeAssets: ['icon.svg', 'icon-180.png'],
      manifest: {
        id: '/',
        name: 'Lắng Nghe',
        short_name: 'Lắng Nghe',
        description: 'Ghi, chuyển và trả lời ý kiến người dân',
        lang: 'vi',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        orientation: 'any',
        background_color: '#f5f7f6',
        theme_color: '#0b5c5e',
        icons: [
          { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        // Everything: the app opens with the server away.
        globPatterns: ['**/*.{html,js,css,wasm,svg,png,webmanifest,ftl}'],
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/v1\//, /^\/livez/, /^\/readyz/, /^\/track\//],
        cleanupOutdatedCaches: true,
        // A new version waits until the person says so.
        skipWaiting: false,
        clientsClaim: true,
      },
    }),
  ],
});
