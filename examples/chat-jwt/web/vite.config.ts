import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The server's default allow-list names this origin, so another port would be refused: better to say so than to move.
  server: { host: "localhost", port: 5173, strictPort: true },
  build: { chunkSizeWarningLimit: 800 },
});
