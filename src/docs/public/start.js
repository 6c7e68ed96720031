SwaggerUIBundle({ url: 'docs-json', dom_id: '#api', deepLinking: true, tryItOutEnabled: true });
