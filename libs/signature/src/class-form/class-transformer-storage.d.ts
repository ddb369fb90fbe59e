// class-transformer publishes the types of its storage beside another path than the storage itself.
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
