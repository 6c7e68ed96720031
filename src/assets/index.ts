export { AssetFolder, type AssetFolderOptions, type FieldTarget } from './asset-folder.js';
