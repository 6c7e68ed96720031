import { refreshFileList, startFileList } from './file-list.js';
import { startUploads } from './uploads.js';

startFileList();
startUploads(() => void refreshFileList());
