-- Two roles and a database, for psql as the superuser; the passwords come in the variables DONO and PROGRAMA.
-- The owner migrates and backs up. The program owns nothing, so that row-level security binds it.
\set ON_ERROR_STOP on
\getenv dono DONO
\getenv programa PROGRAMA
CREATE ROLE mutirao_dono LOGIN PASSWORD :'dono';
CREATE ROLE mutirao LOGIN PASSWORD :'programa';
CREATE DATABASE mutirao OWNER mutirao_dono ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE mutirao FROM PUBLIC;
GRANT CONNECT ON DATABASE mutirao TO mutirao;
\connect mutirao
GRANT USAGE ON SCHEMA public TO mutirao;
-- For all schemas, tables and sequences that the owner will make, also when a backup is restored.
ALTER DEFAULT PRIVILEGES FOR ROLE mutirao_dono GRANT USAGE ON SCHEMAS TO mutirao;
ALTER DEFAULT PRIVILEGES FOR ROLE mutirao_dono GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mutirao;
ALTER DEFAULT PRIVILEGES FOR ROLE mutirao_dono GRANT USAGE, SELECT ON SEQUENCES TO mutirao;
